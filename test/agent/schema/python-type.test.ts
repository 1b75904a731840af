import { describe, expect, test } from 'vitest'
import { type InputType, plainText } from '../../../src/agent/schema/input-type.ts'
import { readPythonType } from '../../../src/agent/schema/python-type.ts'

const text = plainText
const integer: InputType = { kind: 'integer' }
const number: InputType = { kind: 'number' }
const boolean: InputType = { kind: 'boolean' }
const list: InputType = { kind: 'json', accepts: 'list' }
const object: InputType = { kind: 'json', accepts: 'object' }
const dict: InputType = { kind: 'json', accepts: 'dict' }
const anything: InputType = { kind: 'json', accepts: 'anything' }
const choice = (...options: [string, string][]): InputType => ({
  kind: 'choice',
  options: options.map(([json, label]) => ({ json, label })),
})

test.each<[string, InputType]>([
  ['str', text],
  [' str ', text],
  ['Str', text],
  ['string', text],
  ['pydantic.EmailStr', text],
  ['SecretStr', { ...text, isSecret: true }],
  ['date', { ...text, format: 'date' }],
  ['time', { ...text, format: 'time' }],
  ['datetime.datetime', { ...text, format: 'date-time' }],
  ['int', integer],
  ['integer', integer],
  ['float', number],
  ['number', number],
  ['Decimal', number],
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
  ['list[str | None]', list],
  ['list[Any]', list],
  ['list[list[str]]', list],
  ['list [ dict[ str , list[int] ] ]', list],
  ['tuple[int, str]', list],
  ['dict', dict],
  ['dict[str, int]', dict],
  ['dict[str, dict[str, list[float]]]', dict],
  ['object', object],
  ['Literal[\'a\', "b c", 3, True]', choice(['"a"', 'a'], ['"b c"', 'b c'], ['3', '3'], ['true', 'True'])],
  ["Literal['it\\'s', 'a', 'a']", choice(['"it\'s"', "it's"], ['"a"', 'a'])],
  ['Annotated[int, Field(ge=1)]', anything],
  ['Annotated[int, positive]', integer],
  ['int | float', number],
  ['Union[int, float]', number],
  ["Literal['a'] | Literal['b']", choice(['"a"', 'a'], ['"b"', 'b'])],
  ['str | int', anything],
  ['list[int] | list[str]', anything],
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
  ['Optional[Whatever]', anything],
])('%s may be null', (written, type) => {
  expect(readPythonType(written)).toEqual({ type, isNullable: true, label: written })
})

describe('a type that is not understood takes any JSON:', () => {
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
  ])('%j', (written) => expect(readPythonType(written).type).toEqual(anything))

  test('and so is one without an end', () => {
    for (const written of ['list['.repeat(10_000), `${'list['.repeat(100)}str${']'.repeat(100)}`, 'x'.repeat(10_000)]) {
      expect(readPythonType(written).type).toEqual(anything)
      expect(readPythonType(written).label.length).toBeLessThanOrEqual(200)
    }
  })
})
