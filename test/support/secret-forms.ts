const utf16 = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16))

/** How a text may be written besides base64: as it is, escaped, in URLs, in HTML, in hexadecimal digits. */
function escapedForms(text: string): string[] {
  const bytes = Buffer.from(text)
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const json = JSON.stringify(text).slice(1, -1)
  return [
    ...[text, json, JSON.stringify(json).slice(1, -1)],
    utf16(text)
      .map((unit) => `\\u${unit.padStart(4, '0')}`)
      .join(''),
    ...[encodeURIComponent(text), percent, percent.toUpperCase()],
    new URLSearchParams({ a: text }).toString().slice(2),
    ...[text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
    Array.from(text, (character) => `&#${character.codePointAt(0)};`).join(''),
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
  ]
}

/** Every way to write a secret, also in base64 within a longer text. */
export function writtenForms(secret: string): string[] {
  const around = [secret, `Bearer ${secret}`, `x:${secret}`, `xy:${secret} z`].map((text) => Buffer.from(text))
  const base64 = around.flatMap((text) => [text.toString('base64'), text.toString('base64url')])
  return [...new Set([...escapedForms(secret), ...base64, ...base64.map(encodeURIComponent)])]
}

const part = 9
const known = new Map<string, Set<string>>()

/** What a text holds of the secrets, also of a part of one, however it is written. */
export function leaksIn(text: string, secrets: string[]): string[] {
  return secrets.flatMap((secret) => {
    if (!known.has(secret)) known.set(secret, new Set(tracesOf(secret)))
    return [...known.get(secret)!].flatMap((trace) => {
      const at = text.indexOf(trace)
      return at < 0 ? [] : [`${trace} in: ${text.slice(Math.max(0, at - 80), at + 80)}`]
    })
  })
}

function tracesOf(secret: string): string[] {
  const parts = [secret.slice(0, part), secret.slice(-part)].flatMap((one) => [...escapedForms(one), one.toLowerCase()])
  const base64 = ['', 'x', 'xx'].flatMap((before) => {
    const start = Math.ceil((before.length * 8) / 6)
    const inside = Buffer.from(before + secret)
      .toString('base64')
      .slice(start)
      .replace(/..?=*$/, '')
    return [inside.slice(0, part + 3), inside.slice(-part - 3)]
  })
  return [...parts, ...base64, ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'))]
}
