const token =
  /\s+|[[{}\],:]|[()]|[rbu]?('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?[A-Za-z_]\w*/y
const words: Record<string, string> = {
  None: 'null',
  True: 'true',
  False: 'false',
  nan: 'NaN',
  inf: 'Infinity',
  '-inf': '-Infinity',
  '(': '[',
  ')': ']',
}
const escapes = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|\n|([\s\S]))/g
const escaped: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' }

/** JSON of a Python repr, as older rows hold them; undefined for anything else. The result may not be valid JSON. */
export function pythonToJson(text: string): string | undefined {
  let json = ''
  let at = 0
  while (at < text.length) {
    token.lastIndex = at
    const [piece, string] = token.exec(text) ?? []
    if (piece === undefined) return undefined
    at += piece.length
    if (string !== undefined) json += JSON.stringify(unescaped(string.slice(1, -1)))
    else if (/^-?[A-Za-z_(),]/.test(piece)) {
      const word = piece === ',' ? piece : words[piece]
      if (word === undefined) return undefined
      // A tuple of one ends in a comma.
      if (word === ']' && json.endsWith(',')) json = json.slice(0, -1)
      json += word
    } else json += piece.trim()
  }
  return json
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(escapes, (_, two, four, eight, one) => {
    const code = two ?? four ?? eight
    if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff))
    return one === undefined ? '' : (escaped[one] ?? one)
  })
}
