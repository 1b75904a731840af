import {
  backslash,
  closeList,
  closeObject,
  colon,
  comma,
  minus,
  nine,
  openList,
  openObject,
  point,
  quote,
  zero,
} from './json-signs.ts'

/**
 * What a JSON text may cost: JSON of few bytes can take a hundred times as many in memory, and seconds to read. Beyond
 * it a text is treated as text. Names count as values.
 */
export const jsonLimits = { depth: 1000, values: 500_000 }

/** Why a text is not read as JSON. `deep` and `many` are beyond the limits; whether the rest is JSON is not known. */
export type JsonProblem = { kind: 'mistake' | 'deep' | 'many'; at: number }

export type JsonScan = {
  problem: JsonProblem | undefined
  /** Where Python's bare NaN, Infinity and -Infinity begin, if they are allowed. */
  notNumbers: number[]
}

const capitalI = 0x49
const capitalN = 0x4e
const letterE = 0x65
const words = ['true', 'false', 'null']
export const notNumberWords = ['NaN', 'Infinity', '-Infinity']
const simpleEscapes = new Set('"\\/bfnrt')
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/**
 * Goes through a text once, without building anything of it, and stops at the first problem. Takes exactly what
 * JSON.parse takes, and Python's words for what is no number where `isPython`.
 */
export function scanJson(text: string, { isPython = false, limits = jsonLimits } = {}): JsonScan {
  const notNumbers: number[] = []
  /** Of the containers around the current place, 1 for objects and 0 for lists. */
  let around = new Uint8Array(64)
  let depth = 0
  let at = 0
  let values = 0

  function open(isObject: boolean): void {
    if (depth === around.length) {
      const wider = new Uint8Array(2 * depth)
      wider.set(around)
      around = wider
    }
    around[depth++] = isObject ? 1 : 0
    at++
  }

  function skipSpace(): number {
    for (;;) {
      const code = text.charCodeAt(at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code
      at++
    }
  }

  /** Moves from the `u` of an escape to the last of its four digits. */
  function passHex(): boolean {
    if (text[at] !== 'u') return false
    for (let digits = 0; digits < 4; digits++) if (!isHexDigit(text.charCodeAt(++at))) return false
    return true
  }

  /** Moves past the string that begins here; false where it has a mistake, at which it stops. */
  function passString(): boolean {
    for (at++; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        at++
        return true
      }
      if (code < 32) return false
      if (code !== backslash) continue
      if (!simpleEscapes.has(text[++at]!) && !passHex()) return false
    }
    return false
  }

  function passWord(list: string[]): boolean {
    const word = list.find((one) => one[0] === text[at]) ?? ''
    for (const character of word) {
      if (text[at] !== character) return false
      at++
    }
    return word !== ''
  }

  function passNumber(): boolean {
    number.lastIndex = at
    if (!number.test(text)) {
      at++
      return false
    }
    const start = at
    at = number.lastIndex
    const code = text.charCodeAt(at)
    if (code !== point && (code | 32) !== letterE) return true
    // A point or an exponent without digits is a mistake behind it; a second one is a mistake itself.
    const written = text.slice(start, at)
    if (/e/i.test(written) || (code === point && written.includes('.'))) return true
    at++
    if (code !== point && /[+-]/.test(text[at] ?? '')) at++
    return false
  }

  function passScalar(code: number): boolean {
    if (code === quote) return passString()
    if (isPython && (code === capitalN || code === capitalI || (code === minus && text[at + 1] === 'I'))) {
      notNumbers.push(at)
      return passWord(notNumberWords)
    }
    return code === minus || (code >= zero && code <= nine) ? passNumber() : passWord(words)
  }

  /** Moves past a name and its colon. */
  function passName(): boolean {
    if (skipSpace() !== quote || !passString() || skipSpace() !== colon) return false
    at++
    values++
    return true
  }

  function problemHere(kind: JsonProblem['kind'] = 'mistake'): JsonScan {
    return { problem: { kind, at: Math.min(at, text.length) }, notNumbers }
  }

  for (;;) {
    if (++values > limits.values) return problemHere('many')
    const code = skipSpace()
    if (code === openList || code === openObject) {
      if (depth >= limits.depth) return problemHere('deep')
      open(code === openObject)
      const isEmpty = skipSpace() === (code === openObject ? closeObject : closeList)
      if (!isEmpty) {
        if (code === openObject && !passName()) return problemHere()
        continue
      }
    } else if (!passScalar(code)) return problemHere()

    for (;;) {
      const next = skipSpace()
      if (depth === 0) return at < text.length ? problemHere() : { problem: undefined, notNumbers }
      const isInObject = around[depth - 1] === 1
      if (next === comma) {
        at++
        if (isInObject && !passName()) return problemHere()
        break
      }
      if (next !== (isInObject ? closeObject : closeList)) return problemHere()
      depth--
      at++
    }
  }
}

function isHexDigit(code: number): boolean {
  const letter = code | 32
  return (code >= zero && code <= nine) || (letter >= 97 && letter <= 102)
}
