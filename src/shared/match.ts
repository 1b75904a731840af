/** How well words fit a text, 0 best, and where they are in it: [from, to). */
export type Match = { rank: number; marks: [number, number][] }

const atStart = 0
const atWordStart = 1
const atWordStartElsewhere = 2
const inside = 3
const insideElsewhere = 4

/** Undefined unless each word is in the name or in one of the other texts. Without words, everything fits. */
export function matchOf(words: string[], name: string, others: string[] = []): Match | undefined {
  const marks: Match['marks'] = []
  let rank = atStart
  for (const word of words) {
    const at = bestPlace(name, word)
    const placed = at === undefined ? undefined : rankAt(name, at)
    const elsewhere = rankElsewhere(others, word)
    if (at !== undefined) marks.push([at, at + word.length])
    const best = Math.min(placed ?? Number.POSITIVE_INFINITY, elsewhere ?? Number.POSITIVE_INFINITY)
    if (!Number.isFinite(best)) return undefined
    rank = Math.max(rank, best)
  }
  return { rank, marks: joined(marks) }
}

export function wordsOf(typed: string): string[] {
  return lowered(typed).split(/\s+/).filter(Boolean)
}

/** Of the same length, so that places in it are places in the text. */
function lowered(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text
}

function bestPlace(text: string, word: string): number | undefined {
  const lower = lowered(text)
  const first = lower.indexOf(word)
  if (first <= 0) return first < 0 ? undefined : 0
  for (let at = first; at >= 0; at = lower.indexOf(word, at + 1)) if (isWordStart(lower, at)) return at
  return first
}

function rankAt(text: string, at: number): number {
  if (at === 0) return atStart
  return isWordStart(text, at) ? atWordStart : inside
}

function rankElsewhere(texts: string[], word: string): number | undefined {
  const places = texts.map((text) => [text, bestPlace(text, word)] as const)
  const ranks = places.flatMap(([text, at]) =>
    at === undefined ? [] : isWordStart(text, at) ? atWordStartElsewhere : insideElsewhere,
  )
  return ranks.length === 0 ? undefined : Math.min(...ranks)
}

const isWordStart = (text: string, at: number) => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)

function joined(marks: Match['marks']): Match['marks'] {
  const sorted = marks.toSorted(([a], [b]) => a - b)
  const result: Match['marks'] = []
  for (const [from, to] of sorted) {
    const last = result.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}
