const escapes = /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u[0-9a-f]{4}|\\./gis
/** These stay escaped: nobody would see them. */
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u
const short: Record<string, string> = { n: '\n', t: '\t', '"': '"', '\\': '\\', '/': '/', r: '\r' }

/** The text of a JSON string, which may be cut off anywhere. */
export function readableText(json: string): string {
  if (!json.includes('\\')) return json
  return json
    .replace(escapes, (found) => (found[1] === 'u' ? decoded(found, '') : (short[found[1]!] ?? found)))
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
}

/** The same JSON with letters in place of `\u` escapes. */
export function readableJson(json: string): string {
  if (!json.includes('\\')) return json
  return json.replace(escapes, (found) => (found[1] === 'u' ? decoded(found, '"\\') : found === '\\/' ? '/' : found))
}

function decoded(found: string, kept: string): string {
  const units = (found.match(/[0-9a-f]{4}/gi) ?? []).map((unit) => Number.parseInt(unit, 16))
  const character = String.fromCharCode(...units)
  return character === '' || unseen.test(character) || kept.includes(character) ? found : character
}
