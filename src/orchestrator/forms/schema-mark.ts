import { createHash } from 'node:crypto'
import type { InputSchema } from '../../agent/schema/input-schema.ts'

/** A form that was filled in before these changed still fits. */
const described = new Set([
  ...['typeLabel', 'label', 'title', 'description', 'schema', 'hint', 'examples', 'defaultJson', 'isLong', 'pattern'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'],
])

/** Schemas with the same names and types of inputs have the same mark. */
export function markOf({ inputs, isUnnamed }: InputSchema): string {
  const essence = JSON.stringify({ inputs, isUnnamed }, (keyword, value) => {
    if (described.has(keyword)) return undefined
    return Array.isArray(value) ? value.toSorted(byText) : value
  })
  return createHash('sha256').update(essence).digest('hex').slice(0, 12)
}

function byText(one: unknown, other: unknown): number {
  const [a, b] = [nameOf(one), nameOf(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

function nameOf(part: unknown): string {
  const { name, json } = part as { name?: string; json?: string }
  return name ?? json ?? ''
}
