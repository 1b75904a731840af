// What agents say must not move the cursor, rename the window or turn text around.
const unsafe = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
const obeyed = /[\0-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g

/** Of several lines. Control characters become visible signs. */
export function safeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unsafe, visibleSign)
}

/** As `safeText`, for a pipe, which may end in a file or in a terminal: only what a terminal obeys becomes signs. */
export function safePiped(text: string): string {
  return text.replace(obeyed, visibleSign)
}

export function safeLine(text: string): string {
  return safeText(text.replace(/[\s\u2028\u2029]+/g, ' ').trim())
}

/** The same JSON: what a terminal would obey can only be inside of strings. */
export function safeJson(json: string): string {
  return json.replace(unsafe, (sign) =>
    sign === '\r' ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function visibleSign(sign: string): string {
  const code = sign.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}
