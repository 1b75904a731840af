import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { plural } from '../../shared/plural.ts'

type InputType = Field['input']['type']

export function hintsOf({ input: { type, defaultJson } }: Field): { word: string; code: string }[] {
  const hints: { word: string; code: string }[] = []
  // Others say it where they are not sent, or on a button.
  if (defaultJson !== undefined && type.kind === 'boolean')
    hints.push({ word: 'default', code: shortJson(defaultJson) })
  const limit = limitOf(type)
  if (limit) hints.push({ word: limit, code: '' })
  if (type.kind === 'text' && type.pattern) hints.push({ word: 'pattern', code: type.pattern })
  return hints
}

const maxLength = 80

/** Strings without quotes, unless empty or ambiguous. */
export function shortJson(json: string, max = maxLength): string {
  const text = /^"[^"\\\d{[]+"$/.test(json) && !/^"(true|false|null)"$/.test(json) ? json.slice(1, -1) : json
  return text.length > max ? `${text.slice(0, max)}…` : text
}

function limitOf(type: InputType): string {
  switch (type.kind) {
    case 'integer':
    case 'number':
      if (type.minimum !== undefined && type.maximum !== undefined) return `${type.minimum} to ${type.maximum}`
      return [
        type.minimum !== undefined && `${type.minimum} or more`,
        type.exclusiveMinimum !== undefined && `more than ${type.exclusiveMinimum}`,
        type.maximum !== undefined && `${type.maximum} or less`,
        type.exclusiveMaximum !== undefined && `less than ${type.exclusiveMaximum}`,
      ]
        .filter(Boolean)
        .join(', ')
    case 'text':
      return range(type.minLength, type.maxLength, 'character')
    case 'list':
    case 'rows':
      return range(type.minItems, type.maxItems, 'item')
    default:
      return ''
  }
}

function range(min: number | undefined, max: number | undefined, thing: string): string {
  if (min && max !== undefined) return min === max ? plural(min, thing) : `${min} to ${plural(max, thing)}`
  if (min) return `${plural(min, thing)} or more`
  return max === undefined ? '' : `up to ${plural(max, thing)}`
}
