import { type Identities, type JsonValue, readJsonValue } from './json-value.ts'
import { alignLists, type DiffBudget, diffTexts, type TextPiece } from './text-diff.ts'

/** A step into a value: a name in an object, or an index in a list. */
export type Step = string | number

/** One place at which two values are the same or not. `a` and `b` are JSON texts; undefined where there is nothing. */
export type Difference = {
  kind: 'same' | 'changed' | 'added' | 'removed'
  /** Where it is; for what was added in b, and for all else in a. */
  path: Step[]
  a: string | undefined
  b: string | undefined
  /** How many items of a list follow from here on that are the same too. */
  more: number
  /** What has changed in a long text. */
  pieces: TextPiece[] | undefined
}

export type Comparison = {
  /** `values`: compared place by place; `texts`: as plain texts, because one of them is no JSON. */
  by: 'values' | 'texts' | 'nothing'
  isSame: boolean
  differences: Difference[]
  /** Whether there are more differences than were looked for. */
  isCut: boolean
  /** The lengths of both, when they are too large to be compared by anything but their texts. */
  tooLarge: { a: number; b: number } | undefined
}

const longestCompared = 256 * 1024
const mostDifferences = 500
const mostSteps = 1_000_000
/** Shorter texts are easier to compare as a whole. */
const shortText = 40

/** Compares two payloads as they stand in the database; null where nothing was recorded. */
export function comparePayloads(a: string | null, b: string | null): Comparison {
  const isSame = (a ?? '') === (b ?? '')
  const nothing = { isSame, differences: [], isCut: false, tooLarge: undefined }
  if (a === null && b === null) return { ...nothing, by: 'nothing' }
  const lengths = { a: a?.length ?? 0, b: b?.length ?? 0 }
  if (lengths.a > longestCompared || lengths.b > longestCompared)
    return { ...nothing, by: 'nothing', tooLarge: lengths }
  const identities: Identities = new Map()
  const from = a === null ? undefined : readJsonValue(a, identities)
  const to = b === null ? undefined : readJsonValue(b, identities)
  if (from === 'too much' || to === 'too much') return { ...nothing, by: 'nothing', tooLarge: lengths }
  if (from === 'no JSON' || to === 'no JSON') return compareTexts(a ?? '', b ?? '')
  const found = findDifferences(from, to)
  return { by: 'values', isSame: from?.identity === to?.identity, ...found, tooLarge: undefined }
}

function compareTexts(a: string, b: string): Comparison {
  const pieces = diffTexts(a, b, { steps: mostSteps })
  const difference: Difference = { kind: a === b ? 'same' : 'changed', path: [], a, b, more: 0, pieces }
  return { by: 'texts', isSame: a === b, differences: [difference], isCut: false, tooLarge: undefined }
}

function findDifferences(from: JsonValue | undefined, to: JsonValue | undefined) {
  const differences: Difference[] = []
  const budget: DiffBudget = { steps: mostSteps }
  let isCut = false
  const add = (
    kind: Difference['kind'],
    path: Step[],
    a?: JsonValue,
    b?: JsonValue,
    rest: Partial<Difference> = {},
  ) => {
    if (differences.length < mostDifferences)
      differences.push({ kind, path, a: a?.text, b: b?.text, more: 0, pieces: undefined, ...rest })
    else isCut = true
  }

  function compare(path: Step[], a: JsonValue | undefined, b: JsonValue | undefined): void {
    if (isCut) return
    // At the top also what stands on one side alone is shown member by member.
    if (path.length === 0 && (a ?? b)?.kind === 'object' && (!a || !b)) {
      const none: JsonValue = { kind: 'object', text: '{}', identity: -1, members: new Map() }
      compareMembers(path, a ?? none, b ?? none)
    } else if (!a || !b) add(a ? 'removed' : 'added', path, a, b)
    else if (a.identity === b.identity && path.length > 0) add('same', path, a, b)
    else if (a.kind === 'object' && b.kind === 'object') compareMembers(path, a, b)
    else if (a.kind === 'list' && b.kind === 'list') compareItems(path, a.items, b.items)
    else if (a.identity === b.identity) add('same', path, a, b)
    else if (a.kind === 'string' && b.kind === 'string' && Math.max(a.said.length, b.said.length) > shortText)
      add('changed', path, a, b, { pieces: diffTexts(a.said, b.said, budget) })
    else add('changed', path, a, b)
  }

  function compareMembers(path: Step[], a: JsonValue, b: JsonValue): void {
    if (a.kind !== 'object' || b.kind !== 'object') return
    for (const [name, value] of a.members) compare([...path, name], value, b.members.get(name))
    for (const [name, value] of b.members) if (!a.members.has(name)) compare([...path, name], undefined, value)
  }

  function compareItems(path: Step[], a: JsonValue[], b: JsonValue[]): void {
    const pairs =
      alignLists(
        a.map(({ identity }) => identity),
        b.map(({ identity }) => identity),
        budget,
      ) ?? byIndex(a.length, b.length)
    let removed: number[] = []
    let added: number[] = []
    let same: { from: number; to: number } | undefined
    // Between two items that stayed, what went and what came of the same kind are taken for each other.
    const flush = () => {
      const kinds = alignLists(
        removed.map((index) => a[index]!.kind),
        added.map((index) => b[index]!.kind),
        budget,
      )
      for (const pair of kinds ?? byIndex(removed.length, added.length)) {
        const gone = pair.a === undefined ? undefined : removed[pair.a]
        const come = pair.b === undefined ? undefined : added[pair.b]
        compare(
          [...path, (gone ?? come)!],
          gone === undefined ? undefined : a[gone],
          come === undefined ? undefined : b[come],
        )
      }
      removed = []
      added = []
    }
    const flushSame = () => {
      if (same) add('same', [...path, same.from], a[same.from], a[same.from], { more: same.to - same.from })
      same = undefined
    }
    for (const pair of pairs) {
      if (pair.a !== undefined && pair.b !== undefined && a[pair.a]!.identity === b[pair.b]!.identity) {
        flush()
        same = same ? { ...same, to: pair.a } : { from: pair.a, to: pair.a }
        continue
      }
      flushSame()
      if (pair.a !== undefined) removed.push(pair.a)
      if (pair.b !== undefined) added.push(pair.b)
    }
    flush()
    flushSame()
  }

  compare([], from, to)
  return { differences, isCut }
}

function byIndex(a: number, b: number) {
  return Array.from({ length: Math.max(a, b) }, (_, index) =>
    index >= b ? { a: index, b: undefined } : index >= a ? { a: undefined, b: index } : { a: index, b: index },
  )
}
