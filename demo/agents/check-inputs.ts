/** An input as `GET /schema` describes it. `type` is one of str, int, float, bool, list[…], dict[str, …]. */
export type InputDescription = {
  type: string
  required: boolean
  default: unknown
  description: string
  format?: string
}

/** One error, in the words of FastAPI. */
export type InputError = { type: string; loc: (string | number)[]; msg: string; input: unknown }

/** What is wrong with the body of a `POST /run`; nothing when the list is empty. Unknown members are let pass. */
export function checkInputs(described: Record<string, InputDescription>, body: unknown): InputError[] {
  if (!isObject(body)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from'
    return [{ type: 'model_attributes_type', loc: ['body'], msg, input: body }]
  }
  return Object.entries(described).flatMap(([name, { type, required }]): InputError[] => {
    const loc = ['body', name]
    if (Object.hasOwn(body, name)) return checkType(type, body[name], loc)
    return required ? [{ type: 'missing', loc, msg: 'Field required', input: body }] : []
  })
}

/** The inputs with the defaults of those that were left out. */
export function withDefaults(described: Record<string, InputDescription>, body: object): Record<string, unknown> {
  const defaults = Object.entries(described).map(([name, input]) => [name, input.default] as const)
  return { ...Object.fromEntries(defaults), ...body }
}

const scalars: Record<string, { type: string; word: string; fits: (value: unknown) => boolean }> = {
  str: { type: 'string_type', word: 'string', fits: (value) => typeof value === 'string' },
  int: { type: 'int_type', word: 'integer', fits: Number.isInteger },
  float: { type: 'float_type', word: 'number', fits: (value) => typeof value === 'number' },
  bool: { type: 'bool_type', word: 'boolean', fits: (value) => typeof value === 'boolean' },
  list: { type: 'list_type', word: 'list', fits: Array.isArray },
  dict: { type: 'dict_type', word: 'dictionary', fits: isObject },
}

function checkType(typeText: string, value: unknown, loc: (string | number)[]): InputError[] {
  const [, name = '', inner] = /^(\w+)(?:\[(.+)\])?$/.exec(typeText.trim()) ?? []
  const scalar = scalars[name]
  if (!scalar) return []
  const { type, word, fits } = scalar
  if (!fits(value)) return [{ type, loc, msg: `Input should be a valid ${word}`, input: value }]
  if (inner === undefined) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => checkType(inner, item, [...loc, index]))
  const valueType = inner.slice(inner.indexOf(',') + 1)
  return Object.entries(value as object).flatMap(([key, item]) => checkType(valueType, item, [...loc, key]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
