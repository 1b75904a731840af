import { diffArrays } from 'diff/lib/diff/array.js'

export type TextPiece = { kind: 'same' | 'removed' | 'added'; text: string }

/** Undefined where the other list has nothing like it. */
export type Pair = { a: number; b: number } | { a: number; b: undefined } | { a: undefined; b: number }

export type DiffBudget = { steps: number }

/** Takes the square of the number of differences in steps; undefined when a quarter of the `budget` is not enough. */
export function alignLists<T>(a: T[], b: T[], budget: DiffBudget): Pair[] | undefined {
  const maxEdits = Math.floor(Math.sqrt(budget.steps / 4))
  const changes = diffArrays(a, b, { maxEditLength: maxEdits })
  const edits = changes
    ? changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0)
    : maxEdits
  budget.steps -= edits ** 2
  if (!changes) return undefined
  const pairs: Pair[] = []
  let nextA = 0
  let nextB = 0
  for (const { added, removed, count } of changes) {
    for (let index = 0; index < count; index++) {
      if (removed) pairs.push({ a: nextA++, b: undefined })
      else if (added) pairs.push({ a: undefined, b: nextB++ })
      else pairs.push({ a: nextA++, b: nextB++ })
    }
  }
  return pairs
}

const word = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu
const line = /[^\n]*\n|[^\n]+$/g

/** By words; by lines where that takes too many steps; else as a whole. */
export function diffTexts(a: string, b: string, budget: DiffBudget): TextPiece[] {
  for (const unit of [word, line]) {
    const from: string[] = a.match(unit) ?? []
    const to: string[] = b.match(unit) ?? []
    const pairs = alignLists(from, to, budget)
    if (pairs) return piecesOf(pairs, from, to)
  }
  const whole: TextPiece[] = [
    { kind: 'removed', text: a },
    { kind: 'added', text: b },
  ]
  return whole.filter(({ text }) => text !== '')
}

function piecesOf(pairs: Pair[], from: string[], to: string[]): TextPiece[] {
  const pieces: TextPiece[] = []
  let removed = ''
  let added = ''
  let space = ''
  const flush = () => {
    if (removed !== '') pieces.push({ kind: 'removed', text: removed })
    if (added !== '') pieces.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  const keep = (text: string) => {
    flush()
    const last = pieces.at(-1)
    if (last?.kind === 'same') last.text += text
    else if (text !== '') pieces.push({ kind: 'same', text })
  }
  for (const { a, b } of pairs) {
    if (a !== undefined && b !== undefined) {
      if (removed + added !== '' && from[a]!.trim() === '') space += from[a]
      else {
        keep(space)
        space = ''
        keep(from[a]!)
      }
      continue
    }
    removed += space + (a === undefined ? '' : from[a])
    added += space + (b === undefined ? '' : to[b])
    space = ''
  }
  keep(space)
  return pieces
}
