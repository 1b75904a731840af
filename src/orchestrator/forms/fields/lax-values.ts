import { looseValue } from '../../../shared/json.ts'

// What pydantic takes as a number or a bool, and in doubt a little more: the agent refuses the rest itself.

const numberWords = new Set(['nan', 'inf', 'infinity'])
const booleanWords = new Set(['0', '1', 'off', 'on', 'f', 't', 'false', 'true', 'n', 'y', 'no', 'yes'])

/** Python's bare NaN and Infinity count. */
export function isNumber(json: string): boolean {
  return /^-?(\d|NaN$|Infinity$)/.test(json)
}

export function mayBeNumber(json: string): boolean {
  if (isNumber(json) || isBoolean(json)) return true
  const text = textOf(json)
  return text !== undefined && (numberWords.has(text.replace(/^[+-]/, '')) || !Number.isNaN(numberIn(text)))
}

export function mayBeInteger(json: string): boolean {
  if (isNumber(json)) return Number.isInteger(looseValue(json))
  return isBoolean(json) || Number.isInteger(numberIn(textOf(json) ?? ''))
}

export function mayBeBoolean(json: string): boolean {
  if (isNumber(json)) return Number(json) === 0 || Number(json) === 1
  return isBoolean(json) || booleanWords.has(textOf(json) ?? '')
}

function isBoolean(json: string): boolean {
  return json === 'true' || json === 'false'
}

function textOf(json: string): string | undefined {
  return json.startsWith('"') ? (looseValue(json) as string).trim().toLowerCase() : undefined
}

/** NaN when it is no number. Python writes thousands as `1_000`, and takes the digits of every script. */
function numberIn(text: string): number {
  if (/(?!\d)\p{Nd}/u.test(text)) return 0
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '')
  return plain === '' ? Number.NaN : Number(plain)
}
