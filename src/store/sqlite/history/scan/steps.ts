import type { SQL } from 'drizzle-orm'
import type { Range } from '../../../history/ranges.ts'
import type { Statements } from '../../sql/statements.ts'
import { type AccessPath, costs, isDirect } from './access-paths.ts'
import { countOf, reachOf, reachOfWords } from './path-queries.ts'
import { areListed, areThere } from './pieces.ts'
import { type Steps, upTo } from './request.ts'

type Step = { step: Range; end: number | undefined; checks: SQL[]; cost: number | undefined }

/** To hold rows takes as long as to look a tenth as many up. */
const minShare = 10

export function createScanSteps(ask: Statements, steps: Steps) {
  function reach(path: AccessPath, range: Range, isDescending: boolean, max: number): number | undefined {
    return ask.get<{ seq: number } | undefined>(reachOf(path, { range, isDescending, max }))?.seq
  }

  /** The last of the runs with some words that can be held at a time; undefined when all can. */
  function heldEnd(words: string, range: Range, isDescending: boolean): number | undefined {
    const max = steps.held + 1
    return ask.get<{ seq: number } | undefined>(reachOfWords(words, { range, isDescending, max }))?.seq
  }

  function wordsIn(words: string, range: Range): { check: SQL; cost: number } {
    return heldEnd(words, range, true) === undefined
      ? { check: areListed(words, range), cost: costs.found }
      : { check: areThere(words), cost: costs.searched }
  }

  function upToRows(path: AccessPath, range: Range, isDescending: boolean, rowCost = path.rowCost) {
    const end = reach(path, range, isDescending, Math.max(1, Math.floor(steps.cost / rowCost)))
    return { end, step: end === undefined ? range : upTo(end, range, isDescending), cost: steps.cost }
  }

  function withWords(path: AccessPath, words: string, range: Range, isDescending: boolean): Step {
    const far = upToRows(path, range, isDescending)
    const end = heldEnd(words, far.step, isDescending)
    if (end === undefined) return { ...far, checks: [areListed(words, far.step)] }
    // Where words are common, the step that they can be held for may be too short.
    const start = reach(path, range, isDescending, 1) ?? end
    const isWorthIt = far.end !== undefined && Math.abs(end - start) * minShare > Math.abs(far.end - start)
    if (!isWorthIt) return { ...upToRows(path, range, isDescending, costs.searched), checks: [areThere(words)] }
    const step = upTo(end, range, isDescending)
    return { step, end, checks: [areListed(words, step)], cost: steps.cost }
  }

  return {
    reach,

    wordsIn,

    isShort: (path: AccessPath, range: Range, max: number): boolean =>
      ask.get<{ rows: number }>(countOf(path, range, max)).rows <= max,

    /** Where all rows are selected, it ends with the size of a chunk. */
    next(path: AccessPath, range: Range, isDescending: boolean): Step {
      const { words } = path
      if (!path.isOrdered) {
        const checks = words === undefined ? [] : [wordsIn(words, range).check]
        return { step: range, end: undefined, checks, cost: steps.cost }
      }
      if (isDirect(path)) return { step: range, end: undefined, checks: [], cost: undefined }
      if (words !== undefined) return withWords(path, words, range, isDescending)
      return { ...upToRows(path, range, isDescending), checks: [] }
    },
  }
}

export type ScanSteps = ReturnType<typeof createScanSteps>
