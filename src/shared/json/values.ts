import { notNumberWords, scanJson } from './scan.ts'

declare global {
  interface JSON {
    rawJSON(text: string): unknown
    isRawJSON(value: unknown): value is { rawJSON: string }
  }
}

/** Shorter texts are within all limits, and JSON.parse is fastest. */
const shortText = 1000

/** Whether `text` is JSON as Python writes it (with NaN and Infinity), within jsonLimits. */
export function isJson(text: string): boolean {
  if (text.length > shortText) return scanJson(text, { isPython: true }).problem === undefined
  return isStrictJson(text) || isStrictJson(withoutNaN(text))
}

/** Whether `text` is standard JSON, within jsonLimits. */
export function isStrictJson(text: string): boolean {
  if (text.length > shortText) return scanJson(text).problem === undefined
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Replaces NaN and Infinity by null; all else keeps its digits. */
export function withoutNaN(text: string): string {
  return /NaN|Infinity/.test(text) ? nullsAt(text, scanJson(text, { isPython: true }).notNumbers) : text
}

function nullsAt(text: string, positions: number[]): string {
  const parts: string[] = []
  let copied = 0
  for (const at of positions) {
    parts.push(text.slice(copied, at))
    copied = at + notNumberWords.find((word) => text.startsWith(word, at))!.length
  }
  return [...parts, text.slice(copied)].join('null')
}

/** The value, NaN read as null; undefined when not JSON or beyond jsonLimits. Long numbers lose digits. */
export function looseValue(text: string): unknown {
  if (text.length > shortText) {
    const { problem, notNumbers } = scanJson(text, { isPython: true })
    return problem === undefined ? JSON.parse(nullsAt(text, notNumbers)) : undefined
  }
  for (const candidate of [text, withoutNaN(text)]) {
    try {
      return JSON.parse(candidate)
    } catch {}
  }
  return undefined
}

/** The value, with numbers that JSON.stringify writes back digit by digit. Throws SyntaxError. */
export function exactValue(text: string): unknown {
  if (!isStrictJson(text)) throw new SyntaxError('This is not JSON, or more than is read.')
  return JSON.parse(text, (_name, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  )
}
