import fc from 'fast-check'

/** A type as an agent writes it, and JSON texts of its values. `written` is JSON: a type string, or a JSON Schema. */
export type Sample = { written: string; value: fc.Arbitrary<string> }

type Member = { name: string; sample: Sample; isRequired: boolean }

const quoted = (text: string) => JSON.stringify(text)

/** Texts of every kind that browsers, HTML and URLs have been known to change. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '\n\na',
    'a\r\nb',
    'a\rb',
    '\0',
    '\ud800',
    'null',
    'true',
    '0',
    '{}',
    '</textarea>',
    '&amp;',
    '%2F',
    '+',
  ),
)
const anyName = fc.oneof(
  fc.constantFrom(
    '',
    'topic',
    'a b',
    'a.b',
    'a/b',
    '~1',
    '%2F',
    '__proto__',
    'constructor',
    '0',
    '1',
    'op',
    'ü',
    'a\nb',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)

const text: Sample = { written: quoted('str'), value: anyText.map(quoted) }
const integer = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.constantFrom('0', '-0', '9007199254740993', '-1', '1.0', '1e3'),
)
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('1.0', '1.10', '-0.0', '1e400', '1E-7', '123456789012345678901234567890.5', '0'),
)
const boolean = fc.constantFrom('true', 'false')
const anything = fc.json({ maxDepth: 3, noUnicodeString: false } as fc.JsonSharedConstraints)

const listOf = (value: fc.Arbitrary<string>, min = 0, max = 4) =>
  fc.array(value, { minLength: min, maxLength: max }).map((items) => `[${items.join(', ')}]`)

const objectOf = (members: fc.Arbitrary<[string, string][]>) =>
  members.map((all) => `{${[...new Map(all)].map(([name, json]) => `${quoted(name)}: ${json}`).join(', ')}}`)

const dictOf = (value: fc.Arbitrary<string>) => objectOf(fc.array(fc.tuple(anyText, value), { maxLength: 3 }))

const pythonScalars: Sample[] = [
  text,
  { written: quoted(' int '), value: integer },
  { written: quoted('float'), value: number },
  { written: quoted('bool'), value: boolean },
  { written: quoted('Any'), value: anything },
  { written: quoted('dict'), value: dictOf(anything) },
  { written: quoted('Whatever'), value: anything },
  { written: quoted('Literal[\'a\', "b c", 3, None]'), value: fc.constantFrom('"a"', '"b c"', '3', 'null') },
  { written: quoted('datetime | None'), value: fc.constantFrom('"2026-11-22T16:30:00Z"', '"tomorrow"', 'null') },
  { written: quoted('date'), value: fc.constantFrom('"2026-11-22"', '"2026-02-30"', '"22.11.2026"', '""') },
]

const pythonType: fc.Memo<Sample> = fc.memo((depth) => {
  const scalar = fc.constantFrom(...pythonScalars)
  if (depth <= 1) return scalar
  const inner = (build: (sample: Sample) => [string, fc.Arbitrary<string>]) =>
    pythonType(depth - 1).map((sample): Sample => {
      const [written, value] = build({ ...sample, written: JSON.parse(sample.written) })
      return { written: quoted(written), value }
    })
  return fc.oneof(
    { arbitrary: scalar, weight: 3 },
    { arbitrary: inner(({ written, value }) => [`list[ ${written} ]`, listOf(value)]), weight: 2 },
    inner(({ written, value }) => [`dict[str, ${written}]`, dictOf(value)]),
    inner(({ written, value }) => [`Optional[${written}]`, fc.oneof(value, fc.constant('null'))]),
    inner(({ written, value }) => [`${written} | int`, fc.oneof(value, integer)]),
    inner(({ written, value }) => [`${written} | list[${written}]`, fc.oneof(value, listOf(value))]),
    inner(({ written, value }) => [
      `tuple[int, ${written}]`,
      fc.tuple(integer, value).map(([one, other]) => `[${one}, ${other}]`),
    ]),
  )
})

const nullable = ({ written, value }: Sample, keyword: string): Sample => ({
  written: keyword === 'anyOf' ? `{"anyOf":[${written},{"type":"null"}]}` : `{"oneOf":[{"type":"null"},${written}]}`,
  value: fc.oneof(value, fc.constant('null')),
})

/** So many that they are searched by typing; some look alike. */
const manyOptions = [
  ...Array.from({ length: 30 }, (_, index) => `option ${index}`),
  '1',
  1,
  '"1"',
  'null',
  '',
  true,
  'true',
]

const anyPart = fc.oneof(
  fc.tuple(anyText.map(quoted)).map(([said]) => `{"kind":"text","text":${said}}`),
  fc.tuple(integer).map(([count]) => `{"kind":"image","text":${count}}`),
)

const jsonScalars: Sample[] = [
  { written: '{"type":"string"}', value: anyText.map(quoted) },
  {
    written: '{"type":"string","minLength":1,"maxLength":3}',
    value: fc.constantFrom('"a"', '"🖋️"', '"abc"', '"\\r\\n"'),
  },
  { written: '{"type":["string","null"]}', value: fc.oneof(anyText.map(quoted), fc.constant('null')) },
  { written: '{"type":"string","format":"date"}', value: fc.constantFrom('"2026-11-22"', '"0000-01-01"', '"soon"') },
  {
    written: '{"type":"string","format":"time"}',
    value: fc.constantFrom('"16:30"', '"16:30:00.5Z"', '"25"', '" 16:30"'),
  },
  {
    written: '{"type":"integer","minimum":-5,"exclusiveMaximum":9007199254740994}',
    value: fc.constantFrom('-5', '0', '9007199254740993'),
  },
  { written: '{"type":"number","nullable":true}', value: fc.oneof(number, fc.constant('null')) },
  { written: '{"type":"boolean"}', value: boolean },
  {
    written: '{"enum":["a",1,1.5,null,{"b": [1]},"", true]}',
    value: fc.constantFrom('"a"', '1', '1.5', 'null', '{"b":[1]}', '{ "b" : [1]}', '""', 'true'),
  },
  { written: '{"const":"only"}', value: fc.constant('"only"') },
  { written: '{"anyOf":[{"type":"integer"},{"type":"string"}]}', value: fc.oneof(integer, anyText.map(quoted)) },
  { written: '{"$ref":"#/$defs/Colour"}', value: fc.constantFrom('"red"', '"green"') },
  { written: '{"$ref":"https://example.com/schema"}', value: anything },
  {
    written: '{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}]}',
    value: fc.oneof(
      fc.tuple(integer, anyText.map(quoted)).map(([one, other]) => `[${one}, ${other}]`),
      fc.constant('[]'),
    ),
  },
  {
    written: '{"type":"array","prefixItems":[{"type":"boolean"},{"type":"number"}],"minItems":1}',
    value: fc.oneof(
      fc.tuple(boolean, number).map(([one, other]) => `[${one},${other}]`),
      boolean.map((one) => `[${one}]`),
    ),
  },
  {
    written: '{"anyOf":[{"type":"number"},{"type":"string","pattern":"^-?\\\\d*$"}]}',
    value: fc.oneof(number, fc.constantFrom('"1.5"', '"123456789012345678.10"', '"0"')),
  },
  {
    written: '{"anyOf":[{"type":"string"},{"enum":["a","b"]}]}',
    value: fc.oneof(anyText.map(quoted), fc.constant('"b"')),
  },
  {
    written: '{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}},{"type":"null"}]}',
    value: fc.oneof(anyText.map(quoted), listOf(anyText.map(quoted)), fc.constant('null')),
  },
  { written: '{"$ref":"#/$defs/Part"}', value: anyPart },
  { written: '{"type":"string","format":"email"}', value: anyText.map(quoted) },
  {
    written: JSON.stringify({ enum: manyOptions }),
    value: fc.constantFrom(...manyOptions.map((one) => JSON.stringify(one))),
  },
  { written: '{"type":"object"}', value: dictOf(anything) },
  { written: '{}', value: anything },
]

/** Goes with every schema that is made here. */
const sharedDefinitions = `"$defs":{"Colour":{"enum":["red","green"]},"Part":{"oneOf":[
  {"type":"object","properties":{"kind":{"const":"text"},"text":{"type":"string"}},"required":["kind","text"]},
  {"type":"object","properties":{"kind":{"const":"image","default":"image"},"text":{"type":"integer"}},"required":["text"]}]}}`

const jsonType: fc.Memo<Sample> = fc.memo((depth) => {
  const scalar = fc.constantFrom(...jsonScalars)
  if (depth <= 1) return scalar
  return fc.oneof(
    { arbitrary: scalar, weight: 3 },
    {
      arbitrary: jsonType(depth - 1).map(
        ({ written, value }): Sample => ({
          written: `{"type":"array","items":${written},"minItems":1}`,
          value: listOf(value, 1),
        }),
      ),
      weight: 2,
    },
    { arbitrary: membersOf(jsonType(depth - 1)).map(groupOf), weight: 2 },
    jsonType(depth - 1).map(
      ({ written, value }): Sample => ({
        written: `{"type":"object","additionalProperties":${written}}`,
        value: dictOf(value),
      }),
    ),
    fc
      .tuple(jsonType(depth - 1), fc.constantFrom('anyOf', 'oneOf'))
      .map(([sample, keyword]) => nullable(sample, keyword)),
  )
})

function membersOf(type: fc.Arbitrary<Sample>): fc.Arbitrary<Member[]> {
  const member = fc.record({ name: anyName, sample: type, isRequired: fc.boolean() })
  return fc.uniqueArray(member, { minLength: 1, maxLength: 4, selector: ({ name }) => name })
}

function groupOf(members: Member[]): Sample {
  const properties = members.map(({ name, sample }) => `${quoted(name)}:${sample.written}`).join(',')
  const required = JSON.stringify(members.filter(({ isRequired }) => isRequired).map(({ name }) => name))
  return { written: `{"type":"object","properties":{${properties}},"required":${required}}`, value: valuesOf(members) }
}

function valuesOf(members: Member[]): fc.Arbitrary<string> {
  const values = members.map(({ name, sample, isRequired }) =>
    isRequired
      ? sample.value.map((json) => [[name, json]] as [string, string][])
      : fc.oneof(
          sample.value.map((json) => [[name, json]] as [string, string][]),
          fc.constant([] as [string, string][]),
        ),
  )
  return objectOf(fc.tuple(...values).map((all) => all.flat()))
}

export type SchemaCase = { schema: string; inputs: string }

/** A schema of either dialect and inputs that fit it, both as JSON texts. */
export const schemaCase: fc.Arbitrary<SchemaCase> = membersOf(fc.oneof(pythonType(3), jsonType(3))).chain((members) => {
  const inputs = members.map(
    ({ name, sample, isRequired }) => `${quoted(name)}:{"type":${sample.written},"required":${isRequired}}`,
  )
  const schema = `{"workflow":"any","inputs":{${inputs.join(',')}},${sharedDefinitions}}`
  return valuesOf(members).map((values) => ({ schema, inputs: values }))
})

/** Any JSON object at all. */
export const anyObject = dictOf(anything)
