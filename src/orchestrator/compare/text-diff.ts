/** A piece of two texts that were laid beside each other. */
export type TextPiece = { kind: 'same' | 'removed' | 'added'; text: string }

/** Which items of two lists belong together, in order; where one is undefined, the other list has nothing like it. */
export type Pair = { a: number; b: number } | { a: number; b: undefined } | { a: undefined; b: number }

/** How much work may go into comparing; shared by all that is compared for one answer. */
export type DiffBudget = { steps: number }

/**
 * Finds the longest common part of two lists. What begins and ends alike costs little; the middle costs the product of
 * both lengths, and undefined is returned when that is more than `budget` has left.
 */
export function alignLists(a: ArrayLike<unknown>, b: ArrayLike<unknown>, budget: DiffBudget): Pair[] | undefined {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const pairs: Pair[] = []
  for (let index = 0; index < start; index++) pairs.push({ a: index, b: index })
  const middle = alignMiddle(a, b, start, endA, endB, budget)
  if (!middle) return undefined
  for (const pair of middle) pairs.push(pair)
  for (let index = endA; index < a.length; index++) pairs.push({ a: index, b: index - endA + endB })
  return pairs
}

function alignMiddle(
  a: ArrayLike<unknown>,
  b: ArrayLike<unknown>,
  start: number,
  endA: number,
  endB: number,
  budget: DiffBudget,
): Pair[] | undefined {
  const rows = endA - start
  const columns = endB - start
  const pairs: Pair[] = []
  if (rows * columns > budget.steps) return undefined
  budget.steps -= rows * columns
  // How much the rest of a, from a row on, has in common with the rest of b, from a column on.
  const width = columns + 1
  const common = new Uint32Array((rows + 1) * width)
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const at = row * width + column
      common[at] =
        a[start + row] === b[start + column]
          ? common[at + width + 1]! + 1
          : Math.max(common[at + width]!, common[at + 1]!)
    }
  }
  let row = 0
  let column = 0
  while (row < rows || column < columns) {
    const at = row * width + column
    if (row < rows && column < columns && a[start + row] === b[start + column]) {
      pairs.push({ a: start + row++, b: start + column++ })
    } else if (row < rows && (column === columns || common[at + width]! >= common[at + 1]!)) {
      pairs.push({ a: start + row++, b: undefined })
    } else pairs.push({ a: undefined, b: start + column++ })
  }
  return pairs
}

const word = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu
const line = /[^\n]*\n|[^\n]+$/g

/** What has changed from one text to another, word by word; line by line where that is too much; else as a whole. */
export function diffTexts(a: string, b: string, budget: DiffBudget): TextPiece[] {
  for (const unit of [word, line]) {
    const from = a.match(unit) ?? []
    const to = b.match(unit) ?? []
    const pairs = alignLists(from, to, budget)
    if (pairs) return piecesOf(pairs, from, to)
  }
  return [
    { kind: 'removed', text: a },
    { kind: 'added', text: b },
  ]
}

function piecesOf(pairs: Pair[], from: string[], to: string[]): TextPiece[] {
  const pieces: TextPiece[] = []
  /** What has changed since the last common part; space between changed words is no common part. */
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
