import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { indexedWords } from '../../../src/orchestrator/history/search/indexed-words.ts'
import { matches, matchesAll } from '../../../src/orchestrator/history/search/match.ts'
import { parseSearch } from '../../../src/orchestrator/history/search/parse.ts'
import { indexedText } from '../../../src/shared/search/text.ts'
import type { SearchedRun } from '../../../src/store/ports/run-selection.ts'
import { anySearchTerm } from '../../support/history/search.ts'

const aRun: SearchedRun = {
  inputs: null,
  outputs: null,
  error: null,
  id: '019ac3f2-7e1c-7abc-8def-0123456789ab',
  cost: 0.25,
  tokens: 1200,
  duration: 90,
  started: Date.UTC(2026, 10, 20, 10, 0, 30),
  status: 'completed',
  agent: 'writer',
  workflow: 'Article writer',
  by: 'Ada',
}

function termsOf(text: string) {
  const read = parseSearch(text)
  if ('error' in read) throw new Error(read.error)
  return read.value
}

const finds = (text: string, run: Partial<SearchedRun>) => matchesAll(termsOf(text), { ...aRun, ...run })
const inputs = (value: unknown) => ({ inputs: JSON.stringify(value) })

test('a text of many digits is compared as soon as any other', () => {
  const digits = '1'.repeat(300_000)
  expect(finds('out.n>5', { outputs: JSON.stringify({ n: `${digits}x` }) })).toBe(false)
  expect(finds('out.n>12345678901234567890', { outputs: JSON.stringify({ n: digits }) })).toBe(true)
})

test.each([
  '{"topic":"climate policy"}',
  '{"\\u0074opic":"cl\\u0069mate policy"}',
  '{"topic":"\\"climate\\npolicy\\/"}',
  `{'topic': 'climate policy'}`,
  `{'to\\x70ic': 'climate\\tpoli\\x63y'}`,
])('however %s is written, its words and its field are found', (payload) => {
  const run = { inputs: payload }
  expect(finds('in.topic:*', run)).toBe(true)
  expect(finds('in.topic:climate', run)).toBe(true)
  expect(finds('-in.other:*', run)).toBe(true)
  if (!payload.includes('\\x')) expect(finds('"climate policy"', run)).toBe(true)
})

test('a payload is read only where it may have what is looked for', () => {
  const parse = vi.spyOn(JSON, 'parse')
  onTestFinished(() => parse.mockRestore())
  const run = inputs({ topic: 'AI safety', list: [{ n: 1 }] })
  for (const text of ['in.score>5', 'in.topic.name:AI', 'in.other:*']) expect(finds(text, run)).toBe(false)
  expect(parse).not.toHaveBeenCalled()
  expect(finds('in.list.n:1', run)).toBe(true)
  expect(parse).toHaveBeenCalled()
})

describe('words', () => {
  const run = {
    inputs: '{"topic":"AI safety","n":3}',
    outputs: '{"text":"A caf\\u00e9."}',
    error: 'Refused: [Errno 111]',
  }

  test.each(['safety', 'SAFETY', '"ai safety"', 'café', 'cafe', '111', 'refused safety', '"errno 111"', '3'])(
    'are found in inputs, outputs and errors: %s',
    (text) => expect(finds(text, run)).toBe(true),
  )

  test.each(['safe', 'topic', '"safety ai"', '"safety cafe"', 'safety missing', '"ai" "x"'])(
    'are not found where they do not stand: %s',
    (text) => expect(finds(text, run)).toBe(false),
  )

  test('are found in what older runs hold', () => {
    expect(finds('ai None "s x"', { inputs: `{'topic': "AI's", 'x': None}` })).toBe(true)
    expect(finds('nan', { outputs: '{"score": NaN}' })).toBe(true)
  })
})

describe('a field', () => {
  test.each([
    ['in.topic:safety', { topic: 'AI safety' }],
    ['in.topic:"ai safety"', { topic: 'about AI safety.' }],
    ['in.tags:b', { tags: ['a', 'b'] }],
    ['in.a.b.c:deep', { a: { b: { c: 'deep' } } }],
    ['in.items.score>3', { items: [{ score: 1 }, { score: 4 }] }],
    ['in.items.score>3', { items: [[{ score: 4 }]] }],
    ['in.items.1:b', { items: ['a', 'b'] }],
    ['in.customer:smith', { customer: { name: { last: 'Smith' } } }],
    ['in:smith', { customer: { name: 'Smith' } }],
    ['in."my field":x', { 'my field': 'x' }],
    ['in.__proto__:x', JSON.parse('{"__proto__":"x"}')],
    ['in.n:5 in.n=5.0 in.n>4 in.n>=5 in.n<=5 in.n<6 in.n:+5', { n: 5 }],
    ['in.n:500 in.n=5e2 in.n>499', { n: '500' }],
    ['in.n>-5 in.n:-4', { n: -4 }],
    ['in.ok:true in.ok=True', { ok: true }],
    ['in.x:null in.x=null', { x: null }],
    ['in.day>2026-11-01 in.day<2026-12-01', { day: '2026-11-20' }],
    ['in.name=müller in.name="MULLER" in.name>abc', { name: 'Müller' }],
    ['in.sign="+"', { sign: '+' }],
    ['in.empty=""', { empty: '' }],
  ])('that holds: %s', (text, value) => expect(finds(text, inputs(value))).toBe(true))

  test.each([
    ['in.topic:safety', { other: 'safety' }],
    ['in.topic:safety', { topic: 'unsafety' }],
    ['in.topic=ai', { topic: 'ai safety' }],
    ['in.n:5', { n: 55 }],
    ['in.n>5', { n: 'many' }],
    ['in.n>many', { n: 500 }],
    ['in.n<abc', { n: '500' }],
    ['in.n>0', { n: true }],
    ['in.n>0', { n: null }],
    ['in.items.2:b', { items: ['a', 'b'] }],
    ['in.ok:true', { ok: false }],
    ['in.ok:yes', { ok: true }],
    ['in.toString:x', { a: 1 }],
    ['in.n:5', []],
    ['in.a.b:x', { a: 'x' }],
    ['out.a:x', { a: 'x' }],
  ])('that does not hold: %s', (text, value) => expect(finds(text, inputs(value))).toBe(false))

  test('is read in reprs of Python and beside NaN', () => {
    expect(finds('in.topic:safety in.x:null', { inputs: `{'topic': "AI's safety", 'x': None}` })).toBe(true)
    expect(finds('out.n>1', { outputs: '{"score": NaN, "n": 2}' })).toBe(true)
  })

  test('is not read where there is none', () => {
    for (const payload of [null, '', 'None', 'plain topic', '{"topic":"bro', '{topic}']) {
      expect(finds('in.topic:bro', { inputs: payload })).toBe(false)
    }
    expect(finds('in:plain', { inputs: 'plain words' })).toBe(true)
  })

  test('is read in what is deep and large', () => {
    const deep = (levels: number) => ({ inputs: `{"a":${'['.repeat(levels)}{"b":"x"}${']'.repeat(levels)}}` })
    expect(finds('in.a.b:x', deep(990))).toBe(true)
    // Deeper JSON counts as text: see jsonLimits.
    expect(finds('in.a.b:x', deep(10_000))).toBe(false)
    expect(finds('in:x', { inputs: `${'{"a":'.repeat(10_000)}"x"${'}'.repeat(10_000)}` })).toBe(true)
    expect(finds('in.n:5', inputs({ text: 'word '.repeat(500_000), n: 5 }))).toBe(true)
    expect(finds('in:199999', inputs(Array.from({ length: 200_000 }, (_, at) => at)))).toBe(true)
  })

  test('is read to its end, as words are', () => {
    const long = inputs({ text: 'word '.repeat(200_000), late: 'here' })
    expect(finds('here', long)).toBe(true)
    expect(finds('in.late:here in.late=HERE', long)).toBe(true)
    expect(finds('in.text:word', long)).toBe(true)
    expect(finds('in.text:here', long)).toBe(false)
  })
})

describe('what is written without spaces', () => {
  test.each([
    ['退款', '客户要求退款，因为商品有问题。'],
    ['款', '客户要求退款，'],
    ['要求退款', '客户要求退款，'],
    ['"iphone 手机"', '我的iPhone手机壳'],
    ['手机', '我的iPhone手机壳'],
    ['キャンセル', '注文のキャンセルを希望'],
    ['がん', '肺がん検診'],
    ['คืนเงิน', 'ลูกค้าขอคืนเงินทันที'],
    ['ເງິນ', 'ລູກຄ້າຂໍເງິນຄືນ'],
    ['លុយ', 'អតិថិជនសុំលុយវិញ'],
    ['ငွေ', 'ငွေပြန်အမ်းပါ'],
    ['환불', '고객이 전액환불을 요청했습니다'],
    ['🤖', 'done🤖✅'],
    ['✅', 'done 🤖✅'],
    ['👍', 'yes 👍🏽!'],
    ['👩‍💻', 'by 👩‍💻.'],
    ['🇩🇪', 'in 🇩🇪'],
  ])('%s is found in %s', (text, said) => {
    expect(finds(text, { outputs: JSON.stringify({ said }) })).toBe(true)
    expect(finds(`out.said:${text}`, { outputs: JSON.stringify({ said }) })).toBe(true)
    expect(finds(text, { error: said })).toBe(true)
  })

  test.each([
    ['款退', '客户要求退款，'],
    ['求款', '客户要求退款，'],
    ['退款', '退，款'],
    ['かん', '肺がん検診'],
    ['불만', '환불 만족'],
    ['手机', '手 机'],
  ])('%s is not found in %s', (text, said) => expect(finds(text, { outputs: JSON.stringify({ said }) })).toBe(false))
})

describe('the beginning of a word', () => {
  const run = { outputs: '{"text":"Refunds were refused for Straße 退款 policy"}' }

  test.each([
    'refund*',
    'REF*',
    '"were refu*"',
    'out.text:refund*',
    'strasse',
    'STRASSE',
    'stra*',
    '"strasse 退款 pol*"',
    '退*',
  ])('is found: %s', (text) => expect(finds(text, run)).toBe(true))
  test.each(['efund*', 'refund', '"refu* were"', '"refunds refu*"', 'refunding*', 'out.text=refund*'])(
    'is no other: %s',
    (text) => expect(finds(text, run)).toBe(false),
  )
})

test('status, agent and workflow are to the letter, errors by their words', () => {
  expect(finds('status:completed agent:writer workflow:"Article writer"', {})).toBe(true)
  for (const text of ['status:failed', 'agent:Writer', 'agent:write', 'workflow:Article', 'error:x']) {
    expect(finds(text, {})).toBe(false)
  }
  const failed = { error: 'Connection refused (111)', inputs: '"x"' }
  expect(finds('error:refused error:"connection refused" -error:x', failed)).toBe(true)
})

describe('what a list shows of a run', () => {
  test.each([
    'id:019ac3f2 id:019AC3F2-7e1c id:019ac3f2-7e1c-7abc-8def-0123456789ab id:019ac3f2…89ab',
    'cost>0.05 cost>=0.25 cost<0.26 cost<=$0.25 cost=0.25 cost:.25 cost:*',
    'tokens>1000 tokens:1,200 tokens=1.2k tokens<1m tokens:*',
    'duration>1m duration:90 duration=1m30s duration<=1.5m',
    'started>2026-11-01 started>2026-11-19 started<2026-11-21 started:2026-11-20 started>=2026-11-20',
    'started:2026-11-20T10:00 started>2026-11-20T09:59 started<="2026-11-20 10:00" started:*',
    'status:failed,completed agent:"x",writer -status:failed,lost',
    'status:failed OR agent:writer',
    'cost>1 OR duration>1h OR tokens>1000',
    'cost > 0.05 tokens >= 1,000 status = completed started < 2026-12-01',
  ])('holds: %s', (text) => expect(finds(text, {})).toBe(true))

  test.each([
    'id:19ac3f2',
    'id:019ac3f2…89ac',
    'cost>0.25',
    'tokens<1200',
    'duration>90s',
    'started>2026-11-20',
    'started<2026-11-20',
    'started:2026-11-20T10:01',
    'status:failed,lost',
    '-cost:*',
    'status:failed OR cost>1',
    'status:completed OR cost>1 agent:nobody',
  ])('does not hold: %s', (text) => expect(finds(text, {})).toBe(false))

  test('is nothing that can be compared where it is not known', () => {
    const unknown = { cost: null, tokens: null, duration: null, started: Number.NaN, error: null }
    expect(finds('-cost>0 -cost<=0 -tokens:* -duration:* -started:* -started<2030-01-01 -error:*', unknown)).toBe(true)
    for (const text of ['cost<1', 'tokens>=0', 'duration:*', 'started<2030-01-01'])
      expect(finds(text, unknown)).toBe(false)
    expect(finds('error:* cost:*', { error: 'refused', cost: 0 })).toBe(true)
  })
})

describe('a field', () => {
  test('is present, or missing', () => {
    const run = inputs({ a: 'x', zero: 0, no: false, empty: '', none: null, list: [], of: [{ b: 1 }, {}] })
    expect(
      finds('in.a:* in.zero:* in.no:* in.empty:* in.list:* in.of.b:* -in.none:* -in.other:* -out.a:* in:*', run),
    ).toBe(true)
    expect(finds('in.a.b:*', run)).toBe(false)
  })

  test('is compared to the digit', () => {
    const run = inputs({ id: 0 })
    run.inputs = run.inputs.replace('0', '1234567890123456789')
    const text = inputs({ id: '1234567890123456789' })
    for (const one of [
      run,
      text,
      { inputs: "{'id': 1234567890123456789}" },
      { inputs: '{"id": 1234567890123456789, "x": NaN}' },
    ]) {
      expect(finds('in.id:1234567890123456789 in.id=1234567890123456789', one)).toBe(true)
      expect(finds('in.id>1234567890123456788 in.id<1234567890123456790 in.id>=1234567890123456789', one)).toBe(true)
      for (const other of ['in.id:1234567890123456788', 'in.id=1234567890123456790', 'in.id>1234567890123456789']) {
        expect(finds(other, one)).toBe(false)
      }
    }
    expect(finds('in.n>1e18', { inputs: '{"n": 1000000000000000001}' })).toBe(true)
    expect(finds('in.n=0.12345678901234567', { inputs: '{"n": 0.12345678901234568}' })).toBe(false)
    expect(finds('in.n=1e30', { inputs: '{"n": 1000000000000000000000000000000}' })).toBe(true)
  })

  test('may have spaces around the sign', () => {
    expect(finds('in.n > 4 in.n >=5 in.n= 5 in."my field" = x', inputs({ n: 5, 'my field': 'x' }))).toBe(true)
  })
})

test('one of two terms with OR between is enough, beside all others', () => {
  const run = { outputs: '{"text":"refund of a jazz ticket"}' }
  for (const text of [
    'refund OR missing',
    'missing OR refund',
    'a OR b OR refund ticket',
    '-refund OR jazz',
    'refund AND jazz',
  ]) {
    expect(finds(text, run)).toBe(true)
  }
  for (const text of ['missing OR none', 'refund OR missing none', '-refund OR -jazz'])
    expect(finds(text, run)).toBe(false)
})

test('a dash turns a term round', () => {
  const run = inputs({ a: 'b', n: 5 })
  for (const text of ['b', 'in.a:b', 'in.n>4', 'status:completed']) expect(finds(`-${text}`, run)).toBe(false)
  expect(finds('-c -in.a:c -in.none:x -in.n>5 -status:failed', run)).toBe(true)
})

const leaf = fc.oneof(
  fc.constantFrom<unknown>('a', 'b a', 'A.b', 'é', '1', 1, 2, -1, 1.5, true, false, null),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom('a', 'b', '0', 'my field', 'x.y'), tie('value'), { maxKeys: 3 }),
}))
const payload = fc.oneof(
  { weight: 6, arbitrary: anyValue.map((value) => JSON.stringify(value)) },
  fc.constantFrom(null, '', 'None', `{'a': "b's", 'b': None}`, '{"a": NaN, "b": 1}', 'a b'),
  fc.constantFrom('{"a": "a\\nb\\u0061"}', `{'a': 'a\\'b', 'b': 'a\\x62'}`, '{"\\u0061": "b\\\\a"}', '{"a": "a\\/b'),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
)
const anyRun = fc.record({
  inputs: payload,
  outputs: payload,
  error: payload,
  status: fc.constantFrom('a', 'b'),
  agent: fc.constantFrom('a', 'b'),
  workflow: fc.constantFrom('a', 'b'),
  by: fc.constantFrom(null, 'a'),
  id: fc.constantFrom('a', 'ab'),
  cost: fc.constantFrom(null, 0, 1),
  tokens: fc.constantFrom(null, 0, 20),
  duration: fc.constantFrom(null, 0, 0.5),
  started: fc.constantFrom(Number.NaN, Date.UTC(2026, 10, 20, 10, 0, 30)),
})

test('the index of words knows of every run that a term is true of, and of some terms says all', () => {
  let known = 0
  fc.assert(
    fc.property(anySearchTerm, anyRun, (term, run) => {
      const indexed = indexedWords(term)
      if (!indexed) return
      const isInIndex = indexed.columns.some((column) => {
        const known = indexedText(run[column]).split(' ')
        return indexed.terms.every(({ text, isBegun }) =>
          known.some((one) => (isBegun ? one.startsWith(text) : one === text)),
        )
      })
      const isTrue = matches({ ...term, isNot: false }, run)
      if (isTrue) known++
      if (isTrue || indexed.isEnough) expect(isInIndex).toBe(isTrue)
    }),
    { numRuns: 3000 },
  )
  expect(known).toBeGreaterThan(20)
})

test('a term and its opposite are never both true, and all are what each is', () => {
  fc.assert(
    fc.property(fc.array(anySearchTerm, { maxLength: 3 }), anyRun, (terms, run) => {
      for (const term of terms) expect(matches({ ...term, isNot: !term.isNot }, run)).toBe(!matches(term, run))
      expect(matchesAll(terms, run)).toBe(terms.every((term) => matches(term, run)))
    }),
  )
})
