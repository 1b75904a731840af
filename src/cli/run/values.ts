import type { InputType, NumberType, Option } from '../../agent/schema/input-type.ts'
import { safeDigits } from '../../shared/decimals.ts'
import { isStrictJson, jsonItems, looseValue } from '../../shared/json.ts'

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const anything: InputType = { kind: 'any', isObject: false }

/** The JSON of what was typed for an input. What does not fit goes as a string: the dashboard says what is wrong. */
export function typedAsJson(type: InputType | undefined, texts: string[]): string {
  if (type?.kind !== 'list' && type?.kind !== 'rows') return oneAsJson(type ?? anything, texts.at(-1) ?? '')
  const items = type.kind === 'list' ? type.items : type.item.type
  const [only = ''] = texts
  if (texts.length === 1 && items.kind !== 'text' && isStrictJson(only) && jsonItems(only)) return only
  return `[${texts.map((text) => oneAsJson(items, text)).join(',')}]`
}

/** A list takes one more with each value. */
export function takesSeveral({ kind }: InputType): boolean {
  return kind === 'list' || kind === 'rows'
}

function oneAsJson(type: InputType, text: string): string {
  const trimmed = text.trim()
  switch (type.kind) {
    case 'text':
      return JSON.stringify(text)
    case 'integer':
    case 'number':
      return jsonNumber.test(trimmed) && !losesDigits(type, trimmed) ? trimmed : JSON.stringify(trimmed)
    case 'boolean':
      return /^(true|false)$/i.test(trimmed) ? trimmed.toLowerCase() : JSON.stringify(text)
    case 'choice':
      return chosen(type.options, text)?.json ?? JSON.stringify(text)
    default:
      return isStrictJson(text) ? text : JSON.stringify(text)
  }
}

function losesDigits({ isDecimal }: NumberType, text: string): boolean {
  return isDecimal === true && text.replace(/e.*$/i, '').replace(/\D/g, '').length > safeDigits
}

function chosen(options: Option[], text: string): Option | undefined {
  const named = options.filter(({ label, json }) => label === text || looseValue(json) === text)
  return named.length === 1 ? named[0] : options.find(({ json }) => json === text)
}
