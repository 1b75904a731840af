import type { Outcomes } from '../../history/outcomes.ts'
import type { Chunk, Scanned, ScanRequest } from '../../history/scanning.ts'
import type { Store } from '../file/open.ts'
import { statementsOf } from '../sql/statements.ts'
import { type AccessPath, accessPathsOf, isDirect } from './scan/access-paths.ts'
import { countOf } from './scan/path-queries.ts'
import { type Steps, usualSteps } from './scan/request.ts'
import { createRunScan } from './scan/scan.ts'
import { createSearchedRuns } from './searched-runs.ts'
import { createRunNames } from './selection/names.ts'
import { createRunSelections, type RunConditions } from './selection/selection.ts'

/** `budget`: what a request may cost, in microseconds or so. The rest is left to another request. */
export type Limits = Steps & { budget: number }
export const usualLimits: Limits = { ...usualSteps, budget: 20_000 }

/** What the payloads of a run cost, and each of so many bytes. */
const verifiedCost = 8
const bytesPerCost = 100
const knownCost = 4
const maxVerifiedTogether = 100

export type RunReading = ReturnType<typeof createRunReading>

export function createRunReading(db: Store['db'], limits: Limits = usualLimits, outcomes?: Outcomes) {
  const ask = statementsOf(db)
  const names = createRunNames(db)
  const scan = createRunScan(db, limits)
  const searchedRuns = createSearchedRuns(db)

  function* matching<Row>(found: RunConditions, request: ScanRequest): Generator<Chunk<Row>, void, undefined> {
    const { text } = found
    const size = text && !text.isEnough ? maxVerifiedTogether : request.size
    const isSure = (row: Scanned) => !text || (text.isEnough && row.isUnsure === 0)
    for (const { rows, to, cost } of scan<Row>(found, { ...request, size })) {
      if (rows.every(isSure)) {
        yield { rows, to, cost: Math.max(1, cost) }
        continue
      }
      for (const { row, isMatch, cost } of verified(found, rows, isSure)) {
        const { seq, value = null } = row
        yield { rows: isMatch ? [row] : [], to: request.order.by === 'started' ? { seq } : { seq, value }, cost }
      }
      yield { rows: [], to, cost: Math.max(1, cost) }
    }
  }

  function* verified<Row extends Scanned>({ text }: RunConditions, rows: Row[], isSure: (row: Scanned) => boolean) {
    for (let at = 0; at < rows.length; at += maxVerifiedTogether) {
      const some = rows.slice(at, at + maxVerifiedTogether)
      const known = outcomes?.of(text!.key) ?? new Map<number, boolean>()
      const unknown = some.filter((row) => !isSure(row) && !known.has(row.seq))
      const searched = searchedRuns.rows(unknown.map(({ seq }) => seq))
      for (const row of some) {
        const run = searched.get(row.seq)
        if (run) known.set(row.seq, text!.holds(searchedRuns.withPayloads(run)))
        const isMatch = isSure(row) || known.get(row.seq) === true
        yield { row, isMatch, cost: isSure(row) ? 0 : run ? verifiedCost + run.bytes / bytesPerCost : knownCost }
      }
    }
  }

  /** Counts up to one more than `max`; undefined where no index holds just the selected runs. */
  function countInIndex(found: RunConditions, max: number): { runs: number; isExact: boolean } | undefined {
    const { text, range } = found
    const path = accessPathsOf(found).find(isDirect)
    if (!path || (text && !text.isEnough)) return undefined
    const count = (part: AccessPath, max: number) => ask.get<{ rows: number }>(countOf(part, range, max)).rows
    if (!text) return { runs: count(path, max), isExact: true }
    // Runs that wait to be indexed, or never are, may match or not.
    const [indexed, ...others] = path.pieces
    const only = (pieces: AccessPath['pieces']) => ({ ...path, pieces })
    return { runs: count(only([indexed!]), max), isExact: count(only(others), 0) === 0 }
  }

  const { payloadsOf } = searchedRuns
  return { ask, names, limits, read: createRunSelections(db, names), matching, countInIndex, payloadsOf }
}
