import type { JsonValue } from './json-value.ts'
import { alignLists, type DiffBudget, type Pair } from './text-diff.ts'

type Match =
  | { kind: 'same'; from: number; to: number }
  | { kind: 'pair'; a?: number | undefined; b?: number | undefined }

/** Between two items that stayed, what was removed and what was added of the same kind are paired. */
export function* matchItems(a: JsonValue[], b: JsonValue[], budget: DiffBudget): Generator<Match, void> {
  let removed: number[] = []
  let added: number[] = []
  let same: Extract<Match, { kind: 'same' }> | undefined
  for (const pair of align(identitiesOf(a), identitiesOf(b), budget)) {
    if (pair.a !== undefined && pair.b !== undefined && a[pair.a]!.identity === b[pair.b]!.identity) {
      yield* pairByKind(a, b, removed, added, budget)
      removed = []
      added = []
      same = { kind: 'same', from: same?.from ?? pair.a, to: pair.a }
      continue
    }
    if (same) yield same
    same = undefined
    if (pair.a !== undefined) removed.push(pair.a)
    if (pair.b !== undefined) added.push(pair.b)
  }
  yield* pairByKind(a, b, removed, added, budget)
  if (same) yield same
}

function* pairByKind(
  a: JsonValue[],
  b: JsonValue[],
  removed: number[],
  added: number[],
  budget: DiffBudget,
): Generator<Match, void> {
  const kindsOf = (items: JsonValue[], indexes: number[]) => indexes.map((index) => items[index]!.kind)
  for (const pair of align(kindsOf(a, removed), kindsOf(b, added), budget)) {
    yield {
      kind: 'pair',
      a: pair.a === undefined ? undefined : removed[pair.a],
      b: pair.b === undefined ? undefined : added[pair.b],
    }
  }
}

const identitiesOf = (items: JsonValue[]) => items.map(({ identity }) => identity)

function align<T>(a: T[], b: T[], budget: DiffBudget): Pair[] {
  return alignLists(a, b, budget) ?? byIndex(a.length, b.length)
}

function byIndex(a: number, b: number): Pair[] {
  return Array.from({ length: Math.max(a, b) }, (_, index) =>
    index >= b ? { a: index, b: undefined } : index >= a ? { a: undefined, b: index } : { a: index, b: index },
  )
}
