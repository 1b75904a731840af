/** As much as a request or an answer may have. */
const bytes = 8 * 1024 * 1024 - 1024

const repeated = (unit: string, room = bytes) => unit.repeat(Math.floor(room / unit.length))
const list = (item: string) => `[${repeated(`${item},`)}0]`

function keys(): string {
  const members: string[] = []
  for (let length = 2; length < bytes; ) {
    const member = `"k${members.length}":1`
    members.push(member)
    length += member.length + 1
  }
  return `{${members.join(',')}}`
}

function nested(open: string, close: string): string {
  const depth = Math.floor(bytes / (open.length + close.length))
  return `${open.repeat(depth)}0${close.repeat(depth)}`
}

/** JSON texts of 8 MiB that cost as much as possible in one way each; what is no JSON is sent as if it were. */
export const shapes: Record<string, () => string> = {
  'small numbers': () => list('1'),
  'long decimals': () => list('0.12345678901234567'),
  'empty objects': () => list('{}'),
  'empty lists': () => list('[]'),
  'short strings': () => list('"a"'),
  'objects of one key': () => list('{"a":1}'),
  'many keys': keys,
  'lists in lists': () => nested('[', ']'),
  'objects in objects': () => nested('{"a":', '}'),
  'one string': () => `"${'x'.repeat(bytes)}"`,
  'one string of escapes': () => `"${repeated('\\u0001')}"`,
  'one string of quotes': () => `"${repeated('\\"')}"`,
  'one string of Chinese': () => `"${'文'.repeat(bytes / 3)}"`,
  'words in one string': () => `"${repeated('lorem ipsum dolor ')}"`,
  'one number': () => '1'.repeat(bytes),
  'bare NaN': () => list('NaN'),
  'open lists': () => '['.repeat(bytes),
  'an error at the end': () => `${list('1').slice(0, -1)}x]`,
  'white space': () => `{${' '.repeat(bytes)}}`,
  'sensible records': () => list('{"id":12345,"title":"A title of some length","score":0.8712,"tags":["a","b"]}'),
}
