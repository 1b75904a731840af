import {
  anything,
  type ChoiceType,
  distinct,
  type InputType,
  type NumberType,
  plainText,
  type ReadType,
  type TextType,
} from './input-type.ts'

/** One type for what may be any of `variants`: the kinds that one control tells apart become one variant. */
export function eitherOf(variants: ReadType[], hasNull: boolean, label: string): ReadType {
  const flat = variants.flatMap((one) => (one.type.kind === 'union' ? one.type.variants : [one]))
  const isNullable = hasNull || variants.some((one) => one.isNullable)
  const merged = withChoiceFirst(mergeAlike(flat))
  const [first] = merged
  if (first === undefined) return anything(label)
  if (merged.length === 1) return { type: first.type, isNullable, label, title: first.title }
  if (merged.some(({ type }) => type.kind === 'any')) return anything(label)
  return { type: { kind: 'union', variants: merged.map(asVariant) }, isNullable, label }
}

function mergeAlike(variants: ReadType[]): ReadType[] {
  const merged: ReadType[] = []
  for (const one of variants) {
    const at = merged.findIndex(({ type }) => mixed(type, one.type) !== undefined)
    const known = merged[at]
    if (!known) merged.push({ ...one, isNullable: false })
    else merged[at] = { ...known, type: mixed(known.type, one.type)!, label: bothLabels(known.label, one.label) }
  }
  return merged
}

function bothLabels(one: string, other: string): string {
  return one === other ? one : `${one} | ${other}`
}

/** Undefined where two controls are needed. */
function mixed(one: InputType, other: InputType): InputType | undefined {
  if (isDecimal(one, other) ?? isDecimal(other, one)) return isDecimal(one, other) ?? isDecimal(other, one)
  if (one.kind === 'text' && other.kind === 'text') return { ...plainText, isSecret: one.isSecret || other.isSecret }
  if (isNumber(one) && isNumber(other)) return { kind: 'number', ...decimal(one, other) }
  if (one.kind === 'choice' && other.kind === 'choice') {
    return { kind: 'choice', options: distinct([...one.options, ...other.options]) }
  }
  if (one.kind === 'boolean' && other.kind === 'boolean') return one
  return undefined
}

function isNumber(type: InputType): type is NumberType {
  return type.kind === 'number' || type.kind === 'integer'
}

function decimal(one: NumberType, other: NumberType) {
  return one.isDecimal || other.isDecimal ? { isDecimal: true as const } : {}
}

/** Pydantic describes a Decimal as a number, or a string of digits. */
function isDecimal(number: InputType, text: InputType): NumberType | undefined {
  if (number.kind !== 'number' || text.kind !== 'text') return undefined
  return isOfDigits(text) ? { ...number, isDecimal: true } : undefined
}

function isOfDigits({ pattern, isSecret }: TextType): boolean {
  return !isSecret && pattern !== undefined && pattern.includes('\\d') && !/[a-z]/i.test(pattern.replace(/\\d/g, ''))
}

/** A value that is one of the options is shown as one. */
function withChoiceFirst(variants: ReadType[]): ReadType[] {
  const isChoice = ({ type }: ReadType) => type.kind === 'choice'
  return [...variants.filter(isChoice), ...variants.filter((one) => !isChoice(one))]
}

/** The member that tells the variants apart is sent, whether it has a default or not. */
function asVariant(variant: ReadType): ReadType {
  const { type } = variant
  if (type.kind !== 'group') return variant
  const inputs = type.inputs.map((input) => (isFixed(input.type) ? { ...input, isRequired: true } : input))
  return { ...variant, type: { ...type, inputs } }
}

function isFixed(type: InputType): type is ChoiceType {
  return type.kind === 'choice' && type.options.length === 1
}
