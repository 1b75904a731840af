import type { Clock } from '../../../shared/clock.ts'
import type { OldRuns, UpkeepRule, UpkeepStore } from '../../ports/upkeep.ts'
import type { Store } from '../file/open.ts'
import { placeOf } from '../history/ranges.ts'
import { createLeftovers } from '../runs/leftovers.ts'
import type { OldRunTable } from '../runs/old-runs.ts'
import type { RunRemoval } from '../runs/removal.ts'
import type { RunStates } from '../runs/state-index.ts'

const silently = { isSilent: true, isRepeatable: true }

/** Learns which execution states are of which run, deletes old runs, and rows that no run needs any more. */
export function createTidying(deps: {
  file: Store
  clock: Pick<Clock, 'now' | 'elapsed'>
  states: RunStates
  removal: RunRemoval
  oldRuns: OldRunTable
}): Pick<UpkeepStore, 'tidy' | 'retention'> {
  const { file, clock, states, removal, oldRuns } = deps
  const leftovers = createLeftovers(file, clock.now)
  /** Undefined until it has been found. */
  let placeOfNewest: number | undefined

  const placed = (old: OldRuns[], newest: number) =>
    old.map(({ status, startedBefore }) => ({ status, before: Math.min(newest, placeOf(startedBefore)) }))
  const isAny = (old: OldRuns[]) => oldRuns.isAny(placed(old, Number.POSITIVE_INFINITY))

  async function* deleteOld({ old, keepRuns }: UpkeepRule): AsyncGenerator<number, void> {
    if (!isAny(old)) return
    const search = oldRuns.placeOfNewest(keepRuns)
    let found = search.next()
    for (; !found.done; found = search.next()) yield 0
    const newest = found.value
    placeOfNewest = newest
    const due = placed(old, newest)
    for (let step = await oldRuns.removeSome(due); step.isMore; step = await oldRuns.removeSome(due)) yield step.removed
  }

  async function* removeLeftovers(): AsyncGenerator<number, void> {
    for (const table of ['run_events', 'run_exchanges'] as const) {
      let after: number | undefined = Number.MIN_SAFE_INTEGER
      while (after !== undefined) {
        after = await leftovers.removeWithoutRun(table, after)
        yield 0
      }
    }
    for await (const _ of leftovers.removeSchemas()) yield 0
  }

  return {
    async *tidy(rule) {
      while (!states.isWhole()) {
        await file.write(() => states.takeSome(clock.elapsed), silently)
        yield 0
      }
      while (await file.write(removal.removeStatesOfRemoved, silently)) yield 0
      yield* deleteOld(rule)
      while (await leftovers.removeKeys(rule.keysBefore)) yield 0
      if (rule.isThorough) yield* removeLeftovers()
    },

    async retention(old) {
      const due = isAny(old) ? placeOfNewest && oldRuns.count(placed(old, placeOfNewest)) : 0
      return { due, deleted: oldRuns.removed() }
    },
  }
}
