import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStore } from '../../../src/store/sqlite/file/open.ts'
import { createRunDeletion } from '../../../src/store/sqlite/runs/deletion.ts'
import { createNewestRuns } from '../../../src/store/sqlite/runs/newest-runs.ts'
import { createOldRuns } from '../../../src/store/sqlite/runs/old-runs.ts'
import { createTestClock } from '../../support/clock.ts'
import { endurance } from '../../support/endurance.ts'
import { insertPast } from '../../support/history/history.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const hourMs = 3_600_000
const start = Date.UTC(2026, 9, 30, 22)

function openOld(path: string) {
  const clock = createTestClock()
  const store = openStore(path, clock)
  return {
    store,
    seqOfNewest: createNewestRuns(store.db),
    oldRuns: createOldRuns(store, createRunDeletion(store, clock.now), clock.now),
  }
}

function last<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Over days, dense in some hours. */
const moments = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 80 }).map((hours) => start + hours * hourMs),
    fc.integer({ min: 0, max: 80 * hourMs }).map((ms) => start + ms),
    fc.constant(start + hourMs + 5),
  ),
  { maxLength: 60 },
)

test('the newest runs, and those before a seq, are what they are one by one', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(moments, fc.integer({ min: 0, max: 70 }), async (startedAt, wanted) => {
      const path = temporaryFile()
      const { store, seqOfNewest, oldRuns } = openOld(path)
      const statuses = ['completed', 'failed']
      insertPast(
        { db: path },
        startedAt.map((at, index) => ({ id: `run-${index}`, startedAt: at, status: statuses[index % 2]! })),
      )
      const rows = connect(path).prepare('SELECT seq, status FROM run_index ORDER BY seq DESC').all() as {
        seq: number
        status: string
      }[]
      const oldest = last(seqOfNewest(wanted))
      const newest = rows.filter(({ seq }) => seq >= oldest).length
      expect(newest).toBe(Math.min(wanted, rows.length))
      for (const before of [
        oldest,
        start * 4096,
        (start + 30 * hourMs) * 4096,
        (start + 30 * hourMs + 77) * 4096 + 3,
      ]) {
        for (const status of statuses) {
          const naive = rows.filter((row) => row.status === status && row.seq < before).length
          expect(oldRuns.count([{ status, before }])).toBe(naive)
          expect(oldRuns.isAny([{ status, before }])).toBe(naive > 0)
        }
      }
      await store.close()
    }),
    { numRuns: endurance(20, 500) },
  )
})

test('the newest of many are found in small steps', () => {
  const { path, store } = openTestStore()
  const sqlite = connect(path)
  sqlite.exec(`
    WITH RECURSIVE many(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM many WHERE n < 4999)
    INSERT INTO workflow_runs (id, workflow_name, status, started_at)
      SELECT 'run-' || n, 'w', 'completed', strftime('%Y-%m-%d %H:%M:%f', 1.7e9 + (n / 2500) * 86400 + n * 0.1, 'unixepoch') FROM many`)
  const steps = createNewestRuns(store.db)(4500)
  let taken = 0
  let seq: number | undefined
  for (; seq === undefined; taken++) seq = steps.next().value as number | undefined
  expect(taken).toBeGreaterThan(2)
  expect(sqlite.prepare('SELECT count(*) FROM run_index WHERE seq >= ?').pluck().get(seq)).toBe(4500)
})
