import { createHash } from 'node:crypto'
import type { InputSchema } from '../../agent/schema/input-schema.ts'

/** What only describes: limits, defaults, words for people. A form that was filled in before they changed still fits. */
const described = new Set([
  ...['typeLabel', 'label', 'description', 'examples', 'defaultJson', 'isLong', 'pattern'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'],
])

/** Two schemas have the same mark when they name the same inputs of the same types, whatever else they say. */
export function markOf({ inputs, isUnnamed }: InputSchema): string {
  const essence = JSON.stringify({ inputs, isUnnamed }, (keyword, value) => {
    if (described.has(keyword)) return undefined
    // Inputs and options come in any order: many agents keep them in sets.
    return Array.isArray(value) ? value.toSorted(byText) : value
  })
  return createHash('sha256').update(essence).digest('hex').slice(0, 12)
}

function byText(one: unknown, other: unknown): number {
  const [a, b] = [nameOf(one), nameOf(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** Inputs are told apart by their names, options by their JSON. */
function nameOf(part: unknown): string {
  const { name, json } = part as { name?: string; json?: string }
  return name ?? json ?? ''
}
