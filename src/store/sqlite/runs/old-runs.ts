import type { DeletedRuns } from '../../ports/upkeep.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import type { Store } from '../file/open.ts'
import { placeOf } from '../history/ranges.ts'
import { dayMs, hourMs } from '../history/sums.ts'
import type { RunRemoval } from './removal.ts'

/** Which runs may be removed: those of a status before a place in run_index. */
type OldRuns = { status: string; before: number }[]

/** Runs whose start cannot be read stand before this place; how old they are nobody knows. */
const firstDatedPlace = placeOf(dayMs)
const daysAtOnce = 16
const rowsAtOnce = 1000

const dayOf = (place: number) => Math.floor(place / placeOf(dayMs))
const hourOf = (place: number) => Math.floor(place / placeOf(hourMs))

export type OldRunTable = ReturnType<typeof createOldRuns>

/** Finds runs by their age in run_index and its sums, counts them and removes them. */
export function createOldRuns({ db, write }: Store, removal: RunRemoval, now: () => number) {
  const sqlite = db.$client
  const state = createDashboardState({ db })
  type Sum = { at: number; runs: number }
  const days = sqlite.prepare<[number], Sum>(
    `SELECT at, sum(runs) AS runs FROM run_totals WHERE at < ? GROUP BY at ORDER BY at DESC LIMIT ${daysAtOnce}`,
  )
  const hours = sqlite.prepare<[number, number], Sum>(
    'SELECT at, sum(runs) AS runs FROM run_hours WHERE at >= ? AND at < ? GROUP BY at ORDER BY at DESC',
  )
  const rows = sqlite.prepare<[number, number], { runs: number; lowest: number }>(
    `SELECT count(*) AS runs, min(seq) AS lowest
     FROM (SELECT seq FROM run_index WHERE seq < ? ORDER BY seq DESC LIMIT ?)`,
  )
  const oldest = sqlite
    .prepare<[string, number, number], string>(
      'SELECT run_id FROM run_index WHERE status = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1',
    )
    .pluck()
  const counted = sqlite
    .prepare<Record<string, string | number>, number>(
      `SELECT
         (SELECT coalesce(sum(runs), 0) FROM run_totals WHERE at >= @firstDay AND at < @day AND status = @status)
         + (SELECT coalesce(sum(runs), 0) FROM run_hours WHERE at >= @firstHour AND at < @hour AND status = @status)
         + (SELECT count(*) FROM run_index WHERE seq >= @first AND seq < @before AND status = @status)`,
    )
    .pluck()

  const nextOf = (old: OldRuns): string | undefined => {
    for (const { status, before } of old) {
      const id = oldest.get(status, firstDatedPlace, before)
      if (id !== undefined) return id
    }
    return undefined
  }

  function remember(removed: number): void {
    if (removed === 0) return
    const at = String(now())
    state.set('let_go_runs', String(Number(state.get('let_go_runs') ?? 0) + removed))
    if (state.get('let_go_first_at') === undefined) state.set('let_go_first_at', at)
    state.set('let_go_last_at', at)
  }

  return {
    /**
     * The place of the last of the newest `wanted` runs, found in small steps, between which it yields; 0 when there are
     * no more than so many.
     */
    *placeOfNewest(wanted: number): Generator<void, number> {
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
      const hoursOfDay = dayMs / hourMs
      for (const { at, runs } of hours.all(boundary.at * hoursOfDay, (boundary.at + 1) * hoursOfDay)) {
        if (runs > left) return yield* placeWithin(placeOf((at + 1) * hourMs), left)
        left -= runs
      }
      return placeOf(boundary.at * dayMs)
    },

    isAny: (old: OldRuns): boolean => nextOf(old) !== undefined,

    count: (old: OldRuns): number =>
      old.reduce((sum, { status, before }) => {
        const [day, hour] = [dayOf(before), hourOf(before)]
        const firstHour = Math.max((day * dayMs) / hourMs, hourOf(firstDatedPlace))
        const first = Math.max(placeOf(hour * hourMs), firstDatedPlace)
        const of = { status, firstDay: dayOf(firstDatedPlace), day, firstHour, hour, first, before }
        return sum + counted.get(of)!
      }, 0),

    /**
     * Removes some, the oldest of each status first. Silent: who shows the history is told by whoever calls this.
     */
    removeSome: (old: OldRuns): Promise<{ removed: number; isMore: boolean }> =>
      write(
        () => {
          const { named, removed } = removal.removeSome(() => nextOf(old))
          remember(removed)
          return { removed, isMore: named > 0 || nextOf(old) !== undefined }
        },
        { isSilent: true, isRepeatable: true },
      ),

    removed: (): DeletedRuns => {
      const at = (key: string) => (state.get(key) === undefined ? undefined : Number(state.get(key)))
      return {
        runs: Number(state.get('let_go_runs') ?? 0),
        firstAt: at('let_go_first_at'),
        lastAt: at('let_go_last_at'),
      }
    },
  }

  function* placeWithin(before: number, wanted: number): Generator<void, number> {
    let place = before
    for (let left = wanted; left > 0; ) {
      const { runs, lowest } = rows.get(place, Math.min(left, rowsAtOnce))!
      if (runs === 0) return place
      left -= runs
      place = lowest
      yield
    }
    return place
  }
}
