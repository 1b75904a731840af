import fc from 'fast-check'
import type { SearchTerm } from '../../../src/orchestrator/history/search/terms.ts'
import { tokens } from '../../../src/shared/search/words.ts'

const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ab',
    'a b',
    'A',
    'é',
    '1',
    '2',
    '1.0',
    '-1',
    'true',
    'null',
    '"',
    '""a',
    '“a”',
    '>=a',
    '-a',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)
/** A star in a text is another term, or an error. */
const worded = text.filter((value) => tokens(value).length > 0 && !value.includes('*'))
const filled = text.filter((value) => value !== '')
const name = fc.oneof(fc.constantFrom('a', 'b', '0', 'my field', 'x.y', '', '__proto__'), text)
const path = fc.array(name, { maxLength: 3 })
const side = fc.constantFrom<'in' | 'out'>('in', 'out')
const isNot = fc.boolean()

const oneTerm: fc.Arbitrary<SearchTerm> = fc.oneof(
  fc.record({ isNot, kind: fc.constant('words' as const), words: worded.map(tokens) }),
  fc.record({
    isNot,
    kind: fc.constant('words' as const),
    words: fc.constantFrom<string[]>(['sa'], ['a', 'sa'], ['退'], ['a', '退款']),
    isBegun: fc.constant(true),
  }),
  fc.record({
    isNot,
    kind: fc.constant('field' as const),
    side,
    path,
    compare: fc.constant(':' as const),
    value: worded,
  }),
  fc.record({
    isNot,
    kind: fc.constant('field' as const),
    side,
    path,
    compare: fc.constant('=' as const),
    value: text,
  }),
  fc.record({
    isNot,
    kind: fc.constant('field' as const),
    side,
    path,
    compare: fc.constantFrom<'>' | '<' | '>=' | '<='>('>', '<', '>=', '<='),
    value: filled,
  }),
  fc.record({
    isNot,
    kind: fc.constantFrom('agent' as const, 'workflow' as const, 'status' as const, 'by' as const),
    values: fc.array(filled, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ isNot, kind: fc.constant('error' as const), value: fc.oneof(worded, fc.constant('*')) }),
  fc.record({ isNot, kind: fc.constant('cause' as const), value: text }),
  fc.record({ isNot, kind: fc.constant('id' as const), value: filled }),
  fc.record({
    isNot,
    kind: fc.constantFrom('cost' as const, 'tokens' as const, 'duration' as const),
    compare: fc.constantFrom('=' as const, '>' as const, '<' as const, '>=' as const, '<=' as const),
    value: fc.constantFrom('0', '0.5', '1', '20'),
  }),
  fc.record({
    isNot,
    kind: fc.constant('started' as const),
    compare: fc.constantFrom('=' as const, '>' as const, '<' as const, '>=' as const, '<=' as const),
    value: fc.constantFrom('2026-11-20', '2026-11-20T10:00', '2026-11-20 10:00:30'),
  }),
  fc.record({
    isNot,
    kind: fc.constantFrom('cost' as const, 'started' as const),
    compare: fc.constant(':' as const),
    value: fc.constant('*'),
  }),
  fc.record({
    isNot,
    kind: fc.constant('field' as const),
    side,
    path,
    compare: fc.constant(':' as const),
    value: fc.constant('*'),
  }),
)

/** Terms as `parseSearch` gives them, about short texts, names `a` and `b`, and small numbers. */
export const anySearchTerm: fc.Arbitrary<SearchTerm> = fc.oneof(
  { weight: 5, arbitrary: oneTerm },
  {
    weight: 1,
    arbitrary: fc
      .array(oneTerm, { minLength: 2, maxLength: 3 })
      .map((terms) => ({ isNot: false, kind: 'any' as const, terms })),
  },
)

/** Text as it comes: words in any script, accents written both ways, emoji, halves of pairs, signs. */
export const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'abcXYZ019 \n.-_"\'/', 'é', 'e\u0301', 'İ', 'ß', 'Σ', 'ς', 'ﬁ', 'Ａ', '½', 'हि', '각', 'ᄀ', 'ᅡ'),
    fc.constantFrom('🤖', '✅', '\ufe0f', '\u200d', '\ud83e', '\udd16', '\u0000', '\ufeff', 'ค้', 'א\u05b0', 'ﷺ', 'ά'),
    fc.constantFrom('退', '款', '，', 'が', 'カ\u3099', 'ー', '환', '불', 'ไ', 'ຄ', 'ខ', 'မ', '🇩', '🇪', '🏽'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
})
