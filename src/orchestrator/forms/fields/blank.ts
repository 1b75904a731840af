import type { Input } from '../../../agent/schema/input-type.ts'
import { pointerTo, variantPointer } from '../../../shared/fields/pointers.ts'
import type { Field } from './field.ts'
import { firstVariant, isAlwaysThere, partOf, positionsOf, variantInput, variantsOf } from './parts.ts'

type Make = (input: Input, pointer: string) => Field

/** A field without a value. What is optional begins without anything inside. */
export function blankAt(input: Input, pointer: string, make: Make = blankAt): Field {
  const { type } = input
  const mode = isAlwaysThere(input) ? 'set' : 'unset'
  const blank: Field = { input, pointer, mode, text: '', rows: [], fields: [] }
  const inside = (inputs: Input[]) => inputs.map((one) => make(one, pointerTo(pointer, one.name)))
  if (type.kind === 'group') return { ...blank, fields: inside(type.inputs) }
  if (type.kind === 'tuple') return { ...blank, fields: inside(positionsOf(type)) }
  const variants = variantsOf(type, pointer)
  return variants && mode === 'set' ? withVariant(blank, firstVariant(type, variants), make) : blank
}

export function withVariant(field: Field, index: number, make: Make): Field {
  const { input, pointer } = field
  const variants = variantsOf(input.type, pointer)
  const variant = variants?.[index]
  if (!variants || !variant) return field
  const inner = variantInput(input, variant)
  return {
    ...field,
    mode: 'set',
    text: '',
    variants,
    variant: index,
    fields: [make(inner, variantPointer(pointer, index))],
  }
}

export function rowInput({ type, holdsSecret }: Input, id: string): Input {
  const part = type.kind === 'rows' ? type.item : type.kind === 'map' ? type.value : undefined
  if (!part) throw new TypeError(`A ${type.kind} has no rows.`)
  return { ...partOf(id, part), ...(holdsSecret && { holdsSecret }) }
}
