import { describe, expect, test } from 'vitest'
import { type InputType, plainText, type ReadType } from '../../../src/agent/schema/input-type.ts'
import { readPythonType } from '../../../src/agent/schema/python-type.ts'

const text = plainText
const integer: InputType = { kind: 'integer' }
const number: InputType = { kind: 'number' }
const boolean: InputType = { kind: 'boolean' }
const anything: InputType = { kind: 'any', isObject: false }
const aClass: InputType = { kind: 'any', isObject: true }
const part = (type: InputType, label: string, isNullable = type.kind === 'any'): ReadType => ({
  type,
  isNullable,
  label,
})
const list: InputType = { kind: 'rows', item: part(anything, 'any') }
const rows = (...item: Parameters<typeof part>): InputType => ({ kind: 'rows', item: part(...item) })
const dict = (...value: Parameters<typeof part>): InputType => ({ kind: 'map', value: part(...value), accepts: 'dict' })
const tuple = (...items: ReadType[]): InputType => ({ kind: 'tuple', items, minItems: items.length })
const union = (...variants: ReadType[]): InputType => ({ kind: 'union', variants })
const object: InputType = { kind: 'map', value: part(anything, 'any'), accepts: 'object' }
const choice = (...options: [string, string][]): InputType => ({
  kind: 'choice',
  options: options.map(([json, label]) => ({ json, label })),
})

test.each<[string, InputType]>([
  ['str', text],
  [' str ', text],
  ['Str', text],
  ['string', text],
  ['pydantic.EmailStr', { ...text, hint: 'email' }],
  ['AnyHttpUrl', { ...text, hint: 'url' }],
  ['uuid.UUID', { ...text, hint: 'uuid' }],
  ['bytes', { ...text, isLong: true, hint: 'file' }],
  ['SecretStr', { ...text, isSecret: true }],
  ['date', { ...text, format: 'date' }],
  ['time', { ...text, format: 'time' }],
  ['datetime.datetime', { ...text, format: 'date-time' }],
  ['int', integer],
  ['integer', integer],
  ['float', number],
  ['number', number],
  ['Decimal', { kind: 'number', isDecimal: true }],
  ['bool', boolean],
  ['boolean', boolean],
  ['list', list],
  ['List', list],
  ['list[str]', { kind: 'list', items: text }],
  ['list[ str ]', { kind: 'list', items: text }],
  ['typing.List[int]', { kind: 'list', items: integer }],
  ['set[bool]', { kind: 'list', items: boolean }],
  [
    "list[Literal['a', 'b']]",
    {
      kind: 'list',
      items: {
        kind: 'choice',
        options: [
          { json: '"a"', label: 'a' },
          { json: '"b"', label: 'b' },
        ],
      },
    },
  ],
  ['list[str | None]', rows(text, 'str | None', true)],
  ['list[Any]', rows(anything, 'Any')],
  ['list[list[str]]', rows({ kind: 'list', items: text }, 'list[str]')],
  [
    'list [ dict[ str , list[int] ] ]',
    rows(dict({ kind: 'list', items: integer }, 'list[int]'), 'dict[str, list[int]]'),
  ],
  ['list[Message]', rows(aClass, 'Message')],
  ['tuple[int, str]', tuple(part(integer, 'int'), part(text, 'str'))],
  ['Tuple[int, ...]', { kind: 'list', items: integer }],
  ['tuple', list],
  ['dict', dict(anything, 'any')],
  ['dict[str, int]', dict(integer, 'int')],
  ['Mapping[str, list[float]]', dict({ kind: 'list', items: number }, 'list[float]')],
  [
    'dict[str, dict[str, list[float]]]',
    dict(dict({ kind: 'list', items: number }, 'list[float]'), 'dict[str, list[float]]'),
  ],
  ['object', object],
  ['Literal[\'a\', "b c", 3, True]', choice(['"a"', 'a'], ['"b c"', 'b c'], ['3', '3'], ['true', 'True'])],
  ["Literal['it\\'s', 'a', 'a']", choice(['"it\'s"', "it's"], ['"a"', 'a'])],
  ['Annotated[int, positive]', integer],
  ['int | float', number],
  ['Union[int, float]', number],
  ["Literal['a'] | Literal['b']", choice(['"a"', 'a'], ['"b"', 'b'])],
  ['str | int', union(part(text, 'str'), part(integer, 'int'))],
  ['str | list[str]', union(part(text, 'str'), part({ kind: 'list', items: text }, 'list[str]'))],
  ["Union[str, Literal['a']]", union(part(choice(['"a"', 'a']), "Literal['a']"), part(text, 'str'))],
  [
    'list[int] | list[str]',
    union(part({ kind: 'list', items: integer }, 'list[int]'), part({ kind: 'list', items: text }, 'list[str]')),
  ],
])('%s is understood', (written, type) => {
  expect(readPythonType(written)).toEqual({ type, isNullable: false, label: written.trim() })
})

test.each<[string, InputType]>([
  ['Optional[str]', text],
  ['str | None', text],
  ['None | int', integer],
  ['Union[bool, None]', boolean],
  ['Optional[list[str]]', { kind: 'list', items: text }],
  ['Optional[int | float]', number],
  ["Literal['a', None]", choice(['"a"', 'a'])],
  ['Optional[Whatever]', aClass],
  ['Union[Whatever, str]', anything],
  ['Annotated[int, Field(ge=1)]', anything],
  ['models.Message', aClass],
])('%s may be null', (written, type) => {
  expect(readPythonType(written)).toEqual({ type, isNullable: true, label: written })
})

describe('a type that is not understood takes any value:', () => {
  test.each([
    'any',
    'Any',
    'None',
    'str[3]',
    'Whatever',
    'constructor',
    '__proto__',
    '',
    ' ',
    'list[str',
    'list]str[',
    'str]',
    'str |',
    '| str',
    'str str',
    'dict[,]',
    'Literal[]',
    'Literal[x]',
    "Literal['\\n']",
    "Literal['open]",
    'Callable[[int], str]',
    '名前',
    'list[名前]',
    '3',
    "'text'",
    '[]',
  ])('%j', (written) => expect(readPythonType(written).type).toMatchObject({ kind: 'any' }))

  test('and so is one without an end', () => {
    for (const written of ['list['.repeat(10_000), `${'list['.repeat(100)}str${']'.repeat(100)}`, 'x'.repeat(10_000)]) {
      expect(readPythonType(written).type).toEqual(anything)
      expect(readPythonType(written).label.length).toBeLessThanOrEqual(200)
    }
  })
})
