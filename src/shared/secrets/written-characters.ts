/** `end` is where its notation ends. */
export type WrittenCharacter = { character: string; end: number }

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const entity = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/iy
/** In a URL within a URL, signs of percent are encoded in turn. */
const percents = [0, 1, 2, 3].map((level) => new RegExp(`%(?:25){${level}}([\\da-f]{2})`, 'iy'))

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
  return percents.flatMap((unit) => {
    let written = ''
    let end = at
    for (let left = 1; left > 0; left--) {
      unit.lastIndex = end
      const byte = unit.exec(text)?.[1]
      if (byte === undefined) return []
      const first = Number.parseInt(byte, 16)
      if (written === '') left = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      written += `%${byte}`
      end = unit.lastIndex
    }
    try {
      return [{ character: decodeURIComponent(written), end }]
    } catch {
      return []
    }
  })
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
