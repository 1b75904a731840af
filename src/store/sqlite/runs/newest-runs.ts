import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import { seqAt } from '../../history/ranges.ts'
import type { Store } from '../file/open.ts'

const maxDaysAtOnce = 16
const maxRowsAtOnce = 1000
const hoursPerDay = dayMs / hourMs

type Sum = { at: number; runs: number }

/** The seq of the last of the newest `wanted` runs, or 0 where there are no more. Yields after each small step. */
export function createNewestRuns({ $client: sqlite }: Store['db']) {
  const days = sqlite.prepare<[number], Sum>(
    `SELECT at, sum(runs) AS runs FROM run_totals WHERE at < ? GROUP BY at ORDER BY at DESC LIMIT ${maxDaysAtOnce}`,
  )
  const hours = sqlite.prepare<[number, number], Sum>(
    'SELECT at, sum(runs) AS runs FROM run_hours WHERE at >= ? AND at < ? GROUP BY at ORDER BY at DESC',
  )
  const rows = sqlite.prepare<[number, number], { runs: number; lowest: number }>(
    `SELECT count(*) AS runs, min(seq) AS lowest
     FROM (SELECT seq FROM run_index WHERE seq < ? ORDER BY seq DESC LIMIT ?)`,
  )

  function* seqWithin(before: number, wanted: number): Generator<void, number> {
    let seq = before
    for (let left = wanted; left > 0; ) {
      const { runs, lowest } = rows.get(seq, Math.min(left, maxRowsAtOnce))!
      if (runs === 0) return seq
      left -= runs
      seq = lowest
      yield
    }
    return seq
  }

  return function* seqOfNewest(wanted: number): Generator<void, number> {
    let left = wanted
    let boundary: Sum | undefined
    for (let before = Number.MAX_SAFE_INTEGER; !boundary; ) {
      const some = days.all(before)
      if (some.length === 0) return 0
      boundary = some.find(({ runs }) => {
        if (runs > left) return true
        left -= runs
        return false
      })
      before = some.at(-1)!.at
      yield
    }
    for (const { at, runs } of hours.all(boundary.at * hoursPerDay, (boundary.at + 1) * hoursPerDay)) {
      if (runs > left) return yield* seqWithin(seqAt((at + 1) * hourMs), left)
      left -= runs
    }
    return seqAt(boundary.at * dayMs)
  }
}
