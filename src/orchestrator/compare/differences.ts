import type { JsonValue } from './json-value.ts'
import { matchItems } from './matching.ts'
import { type DiffBudget, diffTexts, type TextPiece } from './text-diff.ts'

export type Step = string | number

/** `a` and `b` are JSON texts; undefined where there is nothing. */
export type Difference = {
  kind: 'same' | 'changed' | 'added' | 'removed'
  /** In b for what was added, else in a. */
  path: Step[]
  a: string | undefined
  b: string | undefined
  /** How many items follow in the list that are the same too. */
  more: number
  pieces: TextPiece[] | undefined
}

export type Differences = { differences: Difference[]; isCut: boolean }

const maxDifferences = 500
/** Shorter texts are easier to compare as a whole. */
const minDiffedText = 40

const emptyObject: JsonValue & { kind: 'object' } = { kind: 'object', text: '{}', identity: -1, members: new Map() }

export function findDifferences(from: JsonValue | undefined, to: JsonValue | undefined, maxSteps: number): Differences {
  const differences: Difference[] = []
  const budget: DiffBudget = { steps: maxSteps }
  let isCut = false
  const add = (kind: Difference['kind'], path: Step[], a?: JsonValue, b?: JsonValue, rest?: Partial<Difference>) => {
    if (differences.length < maxDifferences)
      differences.push({ kind, path, a: a?.text, b: b?.text, more: 0, pieces: undefined, ...rest })
    else isCut = true
  }

  function compare(path: Step[], a: JsonValue | undefined, b: JsonValue | undefined): void {
    if (isCut) return
    if (!a || !b) compareWithNothing(path, a, b)
    else if (a.identity === b.identity && path.length > 0) add('same', path, a, b)
    else if (a.kind === 'object' && b.kind === 'object') compareMembers(path, a.members, b.members)
    else if (a.kind === 'list' && b.kind === 'list') compareItems(path, a.items, b.items)
    else if (a.identity === b.identity) add('same', path, a, b)
    else if (a.kind === 'string' && b.kind === 'string' && Math.max(a.value.length, b.value.length) > minDiffedText)
      add('changed', path, a, b, { pieces: diffTexts(a.value, b.value, budget) })
    else add('changed', path, a, b)
  }

  /** At the top, an object on one side alone is shown member by member. */
  function compareWithNothing(path: Step[], a: JsonValue | undefined, b: JsonValue | undefined): void {
    const isObjectAtTop = path.length === 0 && (a ?? b)?.kind === 'object'
    if (isObjectAtTop) compare(path, a ?? emptyObject, b ?? emptyObject)
    else add(a ? 'removed' : 'added', path, a, b)
  }

  function compareMembers(path: Step[], a: Map<string, JsonValue>, b: Map<string, JsonValue>): void {
    for (const [name, value] of a) compare([...path, name], value, b.get(name))
    for (const [name, value] of b) if (!a.has(name)) compare([...path, name], undefined, value)
  }

  function compareItems(path: Step[], a: JsonValue[], b: JsonValue[]): void {
    for (const match of matchItems(a, b, budget)) {
      if (match.kind === 'same') {
        const { from, to } = match
        add('same', [...path, from], a[from], a[from], { more: to - from })
      } else {
        const at = (match.a ?? match.b)!
        compare(
          [...path, at],
          match.a === undefined ? undefined : a[match.a],
          match.b === undefined ? undefined : b[match.b],
        )
      }
    }
  }

  compare([], from, to)
  return { differences, isCut }
}
