import type { Field } from '../../orchestrator/forms/form.ts'

type InputType = Field['input']['type']

export function hintsOf({ input: { type, defaultJson, examples }, mode }: Field): { word: string; code: string }[] {
  const hints: { word: string; code: string }[] = []
  const isShown = type.kind === 'choice' || (mode === 'unset' && type.kind !== 'boolean')
  if (defaultJson !== undefined && !isShown) hints.push({ word: 'default', code: shortJson(defaultJson) })
  const limit = limitOf(type)
  if (limit) hints.push({ word: limit, code: '' })
  if (type.kind === 'text' && type.pattern) hints.push({ word: 'pattern', code: type.pattern })
  if (examples.length > 0) hints.push({ word: 'such as', code: examples.map(shortJson).join(', ') })
  return hints
}

const maxLength = 80

/** Strings without quotes, unless empty or ambiguous. */
export function shortJson(json: string): string {
  const text = /^"[^"\\\d{[]+"$/.test(json) && !/^"(true|false|null)"$/.test(json) ? json.slice(1, -1) : json
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
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
      return range(type.minLength, type.maxLength, 'characters')
    case 'list':
      return range(type.minItems, type.maxItems, 'items')
    default:
      return ''
  }
}

function range(min: number | undefined, max: number | undefined, things: string): string {
  if (min && max !== undefined) return `${min} to ${max} ${things}`
  if (min) return `at least ${min} ${things}`
  return max === undefined ? '' : `at most ${max} ${things}`
}
