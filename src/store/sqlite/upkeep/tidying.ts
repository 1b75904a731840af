import type { Clock } from '../../../shared/time/clock.ts'
import { seqAt } from '../../history/ranges.ts'
import type { OldRuns, UpkeepRule, UpkeepStore } from '../../ports/upkeep.ts'
import type { Store } from '../file/open.ts'
import type { RunDeletion } from '../runs/deletion.ts'
import { createNewestRuns } from '../runs/newest-runs.ts'
import type { OldRunTable } from '../runs/old-runs.ts'
import { createOrphans } from '../runs/orphans.ts'
import type { RunStates } from '../runs/state-index.ts'

const silently = { isSilent: true, isRepeatable: true }

export function createTidying(deps: {
  file: Store
  clock: Pick<Clock, 'now' | 'elapsed'>
  states: RunStates
  deletion: RunDeletion
  oldRuns: OldRunTable
}): Pick<UpkeepStore, 'tidy' | 'retention'> {
  const { file, clock, states, deletion, oldRuns } = deps
  const orphans = createOrphans(file, clock.now)
  const findNewest = createNewestRuns(file.db)
  let seqOfNewest: number | undefined

  const bySeq = (old: OldRuns[], newest: number) =>
    old.map(({ status, startedBefore }) => ({ status, before: Math.min(newest, seqAt(startedBefore)) }))
  const isAny = (old: OldRuns[]) => oldRuns.isAny(bySeq(old, Number.POSITIVE_INFINITY))

  async function* deleteOld({ old, keepRuns }: UpkeepRule): AsyncGenerator<number, void> {
    if (!isAny(old)) return
    const search = findNewest(keepRuns)
    let found = search.next()
    for (; !found.done; found = search.next()) yield 0
    const newest = found.value
    seqOfNewest = newest
    const due = bySeq(old, newest)
    for (let step = await oldRuns.deleteSome(due); step.isMore; step = await oldRuns.deleteSome(due)) yield step.deleted
  }

  async function* deleteOrphans(): AsyncGenerator<number, void> {
    for (const table of ['run_events', 'run_exchanges'] as const) {
      let after: number | undefined = Number.MIN_SAFE_INTEGER
      while (after !== undefined) {
        after = await orphans.deleteWithoutRun(table, after)
        yield 0
      }
    }
    for await (const _ of orphans.deleteSchemas()) yield 0
  }

  return {
    async *tidy(rule) {
      while (!states.isWhole()) {
        await file.write(() => states.takeSome(clock.elapsed), silently)
        yield 0
      }
      while (await file.write(deletion.deleteStatesOfDeleted, silently)) yield 0
      yield* deleteOld(rule)
      while (await orphans.deleteKeys(rule.keysBefore)) yield 0
      if (rule.isThorough) yield* deleteOrphans()
    },

    async retention(old) {
      const due = isAny(old) ? seqOfNewest && oldRuns.count(bySeq(old, seqOfNewest)) : 0
      return { due, deleted: oldRuns.deleted() }
    },
  }
}
