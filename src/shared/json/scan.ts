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
} from './signs.ts'

/** A few bytes of JSON can take a hundred times the memory, and seconds to read. */
export const jsonLimits = { depth: 1000, values: 500_000 }

type JsonProblem = { kind: 'syntax' | 'deep' | 'many'; at: number }

export type JsonScan = {
  problem: JsonProblem | undefined
  notNumbers: number[]
}

const capitalI = 0x49
const capitalN = 0x4e
const letterE = 0x65
const letterU = 0x75
const plus = 0x2b
const words = ['true', 'false', 'null']
export const notNumberWords = ['NaN', 'Infinity', '-Infinity']
const simpleEscapes = Uint8Array.from({ length: 128 }, (_, code) =>
  '"\\/bfnrt'.includes(String.fromCharCode(code)) ? 1 : 0,
)

// The pass functions return the end position, or the complement of where the error is. They run for every character.

function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : -1
}

export function spaceEnd(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break
  }
  return at
}

function passString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (code < 32) return ~at
    if (code !== backslash) continue
    const escaped = codeAt(text, ++at)
    if (escaped >= 0 && escaped < 128 && simpleEscapes[escaped] === 1) continue
    if (escaped !== letterU) return ~at
    for (let digits = 0; digits < 4; digits++) if (!isHexDigit(codeAt(text, ++at))) return ~at
  }
  return ~text.length
}

function passWord(text: string, start: number, list: string[]): number {
  const word = list.find((one) => one[0] === text[start]) ?? ''
  for (let index = 0; index < word.length; index++) if (text[start + index] !== word[index]) return ~(start + index)
  return word === '' ? ~start : start + word.length
}

function passDigits(text: string, from: number): number {
  let at = from
  while (isDigit(codeAt(text, at))) at++
  return at
}

/** A second point or exponent is left to the caller. */
function passNumber(text: string, start: number): number {
  let at = codeAt(text, start) === minus ? start + 1 : start
  const first = codeAt(text, at)
  if (!isDigit(first)) return ~at
  at = first === zero ? at + 1 : passDigits(text, at)
  if (codeAt(text, at) === point) {
    const end = passDigits(text, at + 1)
    if (end === at + 1) return ~end
    at = end
  }
  if ((codeAt(text, at) | 32) !== letterE) return at
  const sign = codeAt(text, at + 1)
  const digits = sign === plus || sign === minus ? at + 2 : at + 1
  const end = passDigits(text, digits)
  return end === digits ? ~end : end
}

function passName(text: string, from: number): number {
  const start = spaceEnd(text, from)
  if (codeAt(text, start) !== quote) return ~start
  const end = passString(text, start)
  if (end < 0) return end
  const behind = spaceEnd(text, end)
  return codeAt(text, behind) === colon ? behind + 1 : ~behind
}

/** Checks a text in one pass without building values. Accepts what JSON.parse accepts, and NaN where `isPython`. */
export function scanJson(text: string, { isPython = false, limits = jsonLimits } = {}): JsonScan {
  const notNumbers: number[] = []
  let around = new Uint8Array(64)
  let depth = 0
  let at = 0
  let values = 0

  const problem = (kind: JsonProblem['kind'], where: number): JsonScan => ({
    problem: { kind, at: Math.min(where, text.length) },
    notNumbers,
  })

  for (;;) {
    if (++values > limits.values) return problem('many', at)
    at = spaceEnd(text, at)
    const code = codeAt(text, at)
    if (code === openList || code === openObject) {
      if (depth >= limits.depth) return problem('deep', at)
      if (depth === around.length) around = twice(around)
      around[depth++] = code === openObject ? 1 : 0
      at = spaceEnd(text, at + 1)
      if (codeAt(text, at) !== (code === openObject ? closeObject : closeList)) {
        if (code === openList) continue
        at = passName(text, at)
        if (at < 0) return problem('syntax', ~at)
        values++
        continue
      }
    } else {
      if (code === quote) at = passString(text, at)
      else if (isPython && isNotNumber(code, text, at)) {
        notNumbers.push(at)
        at = passWord(text, at, notNumberWords)
      } else at = code === minus || isDigit(code) ? passNumber(text, at) : passWord(text, at, words)
      if (at < 0) return problem('syntax', ~at)
    }

    for (;;) {
      at = spaceEnd(text, at)
      if (depth === 0) return at < text.length ? problem('syntax', at) : { problem: undefined, notNumbers }
      const next = codeAt(text, at)
      const isInObject = around[depth - 1] === 1
      if (next === comma) {
        at++
        if (!isInObject) break
        at = passName(text, at)
        if (at < 0) return problem('syntax', ~at)
        values++
        break
      }
      if (next !== (isInObject ? closeObject : closeList)) return problem('syntax', at)
      depth--
      at++
    }
  }
}

function twice(list: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(2 * list.length)
  wider.set(list)
  return wider
}

function isNotNumber(code: number, text: string, at: number): boolean {
  return code === capitalN || code === capitalI || (code === minus && codeAt(text, at + 1) === capitalI)
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine
}

function isHexDigit(code: number): boolean {
  const letter = code | 32
  return isDigit(code) || (letter >= 97 && letter <= 102)
}
