import type { Input, InputSchema, InputType } from '../agent/input-schema.ts'
import { type FieldError, InvalidInputError } from '../errors.ts'
import { jsonMembers, jsonMistake, jsonObject, looseValue } from '../json.ts'

export type { Input, InputSchema }

/** What stands in the controls of a form, by the name of the input. A control that is missing counts as blank. */
export type TypedInputs = ReadonlyMap<string, string>

const wholeNumber = /^[+-]?\d+$/
const decimalNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/**
 * The JSON text of the inputs that a filled-in form stands for. A blank optional input is left out. Throws
 * InvalidInputError with every mistake, each under the name of its input.
 */
export function inputsFromForm(schema: InputSchema, typed: TypedInputs): string {
  const errors: FieldError[] = []
  const members: [string, string][] = []
  for (const input of schema.inputs) {
    const text = typed.get(input.name) ?? ''
    if (isBlank(input, text)) {
      if (input.isRequired) errors.push({ field: input.name, message: 'This input is required.' })
      continue
    }
    const written = writeTyped(input.type, text)
    if ('mistake' in written) errors.push({ field: input.name, message: written.mistake })
    else members.push([input.name, written.json])
  }
  if (errors.length > 0) throw new InvalidInputError(errors)
  return jsonObject(members)
}

function isBlank({ type }: Input, text: string): boolean {
  return type.kind === 'text' ? text === '' : text.trim() === ''
}

type Written = { json: string } | { mistake: string }

function writeTyped(type: InputType, text: string): Written {
  const trimmed = text.trim()
  switch (type.kind) {
    case 'text':
      // Browsers send line ends as CR LF whatever the user typed.
      return { json: JSON.stringify(text.replaceAll('\r\n', '\n')) }
    case 'integer':
      return wholeNumber.test(trimmed) ? { json: wholeAsJson(trimmed) } : { mistake: 'Enter a whole number.' }
    case 'number':
      return decimalNumber.test(trimmed) ? { json: decimalAsJson(trimmed) } : { mistake: 'Enter a number.' }
    case 'boolean':
      return /^(true|false)$/i.test(trimmed) ? { json: trimmed.toLowerCase() } : { mistake: 'Choose true or false.' }
    case 'json': {
      const mistake = jsonMistake(trimmed) ?? wrongKind(type, looseValue(trimmed))
      return mistake === undefined ? { json: trimmed } : { mistake }
    }
  }
}

/** Digits stay as they are, however many: JavaScript would round them above 2^53. */
function wholeAsJson(text: string): string {
  const [, sign, digits] = /^([+-]?)0*(\d+)$/.exec(text)!
  return `${sign === '-' ? '-' : ''}${digits}`
}

function decimalAsJson(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = ''] = /^([+-]?)(\d*)\.?(\d*)(e.*)?$/i.exec(text)!
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  return `${sign === '-' ? '-' : ''}${digits}${fraction ? `.${fraction}` : ''}${exponent}`
}

/**
 * What is wrong with inputs that came as JSON. Only what the agent is sure to refuse: inputs that the schema does not
 * name are let through.
 */
export function inputMistakes(schema: InputSchema, inputs: string): FieldError[] {
  const members = jsonMembers(inputs) ?? new Map<string, string>()
  return schema.inputs.flatMap((input) => {
    const json = members.get(input.name)
    if (json === undefined)
      return input.isRequired ? [{ field: input.name, message: `${input.name} is required.` }] : []
    const mistake = wrongKind(input.type, looseValue(json))
    return mistake === undefined ? [] : [{ field: input.name, message: `${input.name}: ${mistake}` }]
  })
}

function wrongKind(type: InputType, value: unknown): string | undefined {
  switch (type.kind) {
    case 'text':
      return typeof value === 'string' ? undefined : 'Enter a string.'
    case 'integer':
      return Number.isInteger(value) ? undefined : 'Enter a whole number.'
    case 'number':
      return typeof value === 'number' ? undefined : 'Enter a number.'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'Choose true or false.'
    case 'json': {
      const isList = Array.isArray(value)
      if (type.accepts === 'list' && !isList) return 'Enter a JSON list, such as ["a", "b"].'
      const isObject = typeof value === 'object' && value !== null && !isList
      if (type.accepts === 'object' && !isObject) return 'Enter a JSON object, such as {"key": "value"}.'
      return undefined
    }
  }
}
