/** `end` is where its notation ends. */
export type WrittenCharacter = { character: string; end: number }

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const entity = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/iy
const percent = /(?:%[\da-f]{2}){1,4}/iy

export const escapeMarks = new Set('\\%&+')

/** What may be written at a position, in JSON, Python, HTML or a URL; backslashes are passed over, however many. */
export function charactersAt(text: string, at: number): WrittenCharacter[] {
  if (at >= text.length) return []
  return writtenAt(text, at).flatMap((one) => (one.character === '\\' ? charactersAt(text, one.end) : [one]))
}

function writtenAt(text: string, at: number): WrittenCharacter[] {
  const character = String.fromCodePoint(text.codePointAt(at)!)
  const plain = { character, end: at + character.length }
  switch (character) {
    case '\\':
      return afterBackslashes(text, at)
    case '%':
      return [...percentEncoded(text, at), plain]
    case '&':
      return [...entityAt(text, at), plain]
    case '+':
      return [{ character: ' ', end: at + 1 }, plain]
    default:
      return [plain]
  }
}

function afterBackslashes(text: string, at: number): WrittenCharacter[] {
  let end = at
  while (text[end] === '\\') end++
  const letter = text[end] ?? ''
  const short = escapes[letter]
  return [
    ...(letter === 'u' ? hexadecimal(text, end + 1, 4) : letter === 'x' ? hexadecimal(text, end + 1, 2) : []),
    ...(short === undefined ? [] : [{ character: short, end: end + 1 }]),
    ...charactersAt(text, end),
  ]
}

function hexadecimal(text: string, at: number, digits: number): WrittenCharacter[] {
  const unit = hexAt(text, at, digits)
  if (unit === undefined) return []
  const [, dashes = ''] = /^(\\+u)/.exec(text.slice(at + digits, at + digits + 16)) ?? []
  const next = at + digits + dashes.length
  const low = dashes === '' || unit < 0xd800 || unit > 0xdbff ? undefined : hexAt(text, next, digits)
  return low === undefined
    ? [{ character: String.fromCharCode(unit), end: at + digits }]
    : [{ character: String.fromCharCode(unit, low), end: next + digits }]
}

function hexAt(text: string, at: number, digits: number): number | undefined {
  const written = text.slice(at, at + digits)
  return written.length === digits && /^[\da-f]+$/i.test(written) ? Number.parseInt(written, 16) : undefined
}

function percentEncoded(text: string, at: number): WrittenCharacter[] {
  const first = hexAt(text, at + 1, 2)
  if (first === undefined) return []
  const bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  percent.lastIndex = at
  const written = percent.exec(text)![0].slice(0, bytes * 3)
  try {
    return [{ character: decodeURIComponent(written), end: at + written.length }]
  } catch {
    return []
  }
}

function entityAt(text: string, at: number): WrittenCharacter[] {
  entity.lastIndex = at
  const [whole, decimal, hex, name] = entity.exec(text) ?? []
  if (whole === undefined) return []
  const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined
  const character =
    code === undefined ? entities[name!.toLowerCase()] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
  return character === undefined ? [] : [{ character, end: at + whole.length }]
}
