import fc from 'fast-check'
import type { SearchTerm } from '../../src/orchestrator/run-search.ts'
import { tokens } from '../../src/searched-text.ts'

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
const worded = text.filter((value) => tokens(value).length > 0)
const filled = text.filter((value) => value !== '')
const name = fc.oneof(fc.constantFrom('a', 'b', '0', 'my field', 'x.y', '', '__proto__'), text)
const path = fc.array(name, { maxLength: 3 })
const side = fc.constantFrom<'in' | 'out'>('in', 'out')
const isNot = fc.boolean()

/** Terms as `parseSearch` gives them, about short texts, names `a` and `b`, and small numbers. */
export const anySearchTerm: fc.Arbitrary<SearchTerm> = fc.oneof(
  fc.record({ isNot, kind: fc.constant('words' as const), words: worded.map(tokens) }),
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
  fc.record({ isNot, kind: fc.constantFrom('agent' as const, 'workflow' as const), value: filled }),
  fc.record({ isNot, kind: fc.constant('status' as const), value: filled.map((value) => value.toLowerCase()) }),
  fc.record({ isNot, kind: fc.constant('error' as const), value: worded }),
)
