import type { ChoiceType, NumberType, Option, SimpleType, TextFormat } from '../../../agent/schema/input-type.ts'
import { safeDigits } from '../../../shared/decimals.ts'
import { looseValue } from '../../../shared/json.ts'
import type { Result } from '../../../shared/result.ts'

const wholeNumber = /^[+-]?\d+$/
const decimalNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
/** `Z` or an offset may be missing, as in Python. */
const formats: Record<TextFormat, { pattern: RegExp; example: string }> = {
  date: { pattern: /^\d{4}-\d\d-\d\d$/, example: '2026-11-22' },
  time: { pattern: /^\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)?$/i, example: '16:30 or 16:30:00Z' },
  'date-time': {
    pattern: /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)?$/i,
    example: '2026-11-22T16:30:00Z',
  },
}

function exampleOf(format: TextFormat): string {
  return formats[format].example
}

/** Numbers keep their digits, however many. */
export function writeControl(type: SimpleType, text: string): Result<string> {
  const trimmed = text.trim()
  switch (type.kind) {
    case 'text':
      if (type.format === undefined) return { value: JSON.stringify(text) }
      return isMoment(type.format, trimmed)
        ? { value: JSON.stringify(trimmed) }
        : { error: `Enter a ${type.format.replace('-', ' and ')} like ${exampleOf(type.format)}.` }
    case 'integer':
      return wholeNumber.test(trimmed)
        ? { value: wholeAsJson(trimmed) }
        : { error: `Enter a whole number${range(type)}.` }
    case 'number':
      return decimalNumber.test(trimmed)
        ? { value: decimalAsJson(trimmed, type) }
        : { error: `Enter a number${range(type)}.` }
    case 'boolean':
      return /^(true|false)$/i.test(trimmed) ? { value: trimmed.toLowerCase() } : { error: 'Choose true or false.' }
    case 'choice': {
      const option = optionOf(type, text)
      return option ? { value: option.json } : { error: 'Choose one of the options.' }
    }
  }
}

function range({ minimum, maximum }: NumberType): string {
  return minimum === undefined || maximum === undefined ? '' : ` from ${minimum} to ${maximum}`
}

/** By its JSON, or by its label where that names one alone. */
export function optionOf({ options }: ChoiceType, text: string): Option | undefined {
  const exact = options.find(({ json }) => json === text)
  if (exact || text === '') return exact
  const named = options.filter(({ label }) => label === text)
  return named.length === 1 ? named[0] : undefined
}

/** The text that shows a JSON value and writes that very value again; undefined when there is none. */
export function showInControl(type: SimpleType, json: string): string | undefined {
  const value = looseValue(json)
  if (typeof value === 'string') {
    if (type.kind === 'choice') return type.options.find((option) => looseValue(option.json) === value)?.json
    if (type.kind === 'number' && type.isDecimal) return isExactly(writeControl(type, value), json) ? value : undefined
    if (type.kind !== 'text' || !isUnharmed(value)) return undefined
    return type.format === undefined || isExactly(writeControl(type, value), JSON.stringify(value)) ? value : undefined
  }
  return type.kind !== 'text' && isExactly(writeControl(type, json), json) ? json : undefined
}

function isExactly(written: Result<string>, json: string): boolean {
  return 'value' in written && written.value === json
}

/** Browsers make line breaks CR LF, and HTML has no NUL and no lone surrogates. */
export function isUnharmed(text: string): boolean {
  return text.isWellFormed() && !/[\r\0]/.test(text)
}

function isMoment(format: TextFormat, text: string): boolean {
  if (!formats[format].pattern.test(text)) return false
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? []
  return day === undefined || isDay(day)
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return Number.isFinite(date.getTime()) && date.toISOString().startsWith(day)
}

function wholeAsJson(text: string): string {
  const [, sign, digits] = /^([+-]?)0*(\d+)$/.exec(text)!
  return `${sign === '-' ? '-' : ''}${digits}`
}

function decimalAsJson(text: string, { isDecimal }: NumberType): string {
  const [, sign, whole = '', fraction = '', exponent = ''] = /^([+-]?)(\d*)\.?(\d*)(e.*)?$/i.exec(text)!
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  const number = `${sign === '-' ? '-' : ''}${digits}${fraction ? `.${fraction}` : ''}${exponent}`
  return isDecimal && digits.length + fraction.length > safeDigits ? `"${number}"` : number
}
