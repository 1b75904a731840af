import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RetentionRule } from '../../src/orchestrator/runs/retention-rule.ts'
import { createHousekeeping } from '../../src/orchestrator/system/retention.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { createTestClock } from '../support/clock.ts'
import { endurance } from '../support/endurance.ts'
import { expectOnly, insertPast, type PastRun } from '../support/history/history.ts'
import { temporaryFile } from '../support/temporary.ts'

const dayMs = 86_400_000
const statuses = ['completed', 'cancelled', 'failed', 'lost', 'running', 'pending', 'paused']

/** The rule as it is told to people, and nothing else. */
function kept(runs: PastRun[], { keepDays, keepRuns, keepFailedDays }: RetentionRule, now: number): string[] {
  const start = ({ startedAt }: PastRun) => (typeof startedAt === 'number' ? startedAt : 0)
  const newestFirst = runs
    .map((run, index) => ({ run, index }))
    .sort((a, b) => start(b.run) - start(a.run) || b.index - a.index)
  const newest = new Set(newestFirst.slice(0, keepRuns).map(({ run }) => run.id))
  const days: Record<string, number> = {
    completed: keepDays,
    cancelled: keepDays,
    failed: keepFailedDays,
    lost: keepFailedDays,
  }
  const goes = ({ id, startedAt, status }: PastRun) => {
    const limit = days[status!] ?? 0
    if (limit === 0 || keepRuns === 0 || typeof startedAt !== 'number') return false
    return startedAt < now - limit * dayMs && !newest.has(id)
  }
  return runs.filter((run) => !goes(run)).map(({ id }) => id)
}

const now = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
/** Close to each other, to hours, to days, and to the ages that the rules speak of. */
const age = fc.oneof(
  fc.constantFrom(0, 1, 2, 10).map((days) => days * dayMs),
  fc.integer({ min: 0, max: 12 }).map((hours) => hours * 1_800_000),
  fc.integer({ min: 0, max: 12 * dayMs }),
)
const run = fc.record({
  startedAt: fc.oneof(
    { weight: 20, arbitrary: fc.tuple(age, fc.integer({ min: -1, max: 1 })).map(([ms, off]) => now - ms + off) },
    { weight: 1, arbitrary: fc.constant('yesterday') },
  ),
  status: fc.constantFrom(...statuses),
  agent: fc.constantFrom('writer', 'reviewer'),
})
const history = fc
  .array(run, { maxLength: 80 })
  .map((runs): PastRun[] => runs.map((one, index) => ({ ...one, id: `run-${index}` })))
const rule = fc.record({
  keepDays: fc.constantFrom(0, 1, 2, 10),
  keepRuns: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 80 })),
  keepFailedDays: fc.constantFrom(0, 1, 2, 10, 11),
})

test('what is left is what a naive reading of the rule leaves, whatever the history', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(history, rule, async (runs, rule) => {
      const path = temporaryFile()
      const clock = createTestClock(now)
      const store = openSqliteStore(path, clock)
      insertPast({ db: path }, runs)
      let rounds = 0
      const keeper = createHousekeeping({
        store,
        // The clock stands still, so that nothing becomes due meanwhile: the rests between steps take no time.
        clock: {
          ...clock,
          after(ms, run) {
            if (ms >= 1000) rounds++
            return clock.after(ms >= 1000 ? ms : 0, run)
          },
        },
        rule,
        isHistoryRead: async () => true,
        onError: (error) => expect(error).toBeUndefined(),
      })
      keeper.start()
      const wanted = kept(runs, rule, now)
      while (rounds === 0) await clock.leap(0)
      expect(await keeper.retention()).toMatchObject({ due: 0, deleted: { runs: runs.length - wanted.length } })
      expectOnly(path, wanted, expect)
      await keeper.stop()
      await store.close()
    }),
    { numRuns: endurance(20, 500) },
  )
})
