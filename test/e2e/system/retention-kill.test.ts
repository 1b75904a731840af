import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { endurance } from '../../support/endurance.ts'
import { expectOnly, insertPast } from '../../support/history/history.ts'
import { startDashboard } from '../../support/process.ts'
import { connect } from '../../support/store/store.ts'

const dayMs = 86_400_000
const kills = endurance(1, 10)
const oldRuns = 300 + 300 * kills
const env = {
  CONFIGURABLE_AGENTS_KEEP_DAYS: '30',
  CONFIGURABLE_AGENTS_KEEP_FAILED_DAYS: '30',
  CONFIGURABLE_AGENTS_KEEP_RUNS: '20',
}

test('a dashboard that is killed while it lets runs go leaves whole runs, and the next one goes on', {
  timeout: 60_000 + kills * 20_000,
}, async () => {
  const first = await startDashboard({ env })
  const now = Date.now()
  const old = Array.from({ length: oldRuns }, (_, index) => ({
    id: `old-${index}`,
    startedAt: now - 60 * dayMs + index * 1000,
    status: ['completed', 'failed'][index % 2]!,
  }))
  const kept = Array.from({ length: 20 }, (_, index) => ({ id: `new-${index}`, startedAt: now - 40 * dayMs + index }))
  insertPast(first, [...old, ...kept])
  const sqlite = connect(first.db)
  // Their day is today's.
  sqlite.prepare('UPDATE run_keys SET created_at = ?').run(toDatetime(now))
  const left = () => sqlite.prepare('SELECT count(*) FROM workflow_runs').pluck().get() as number
  await first.stop()

  let dashboard = await startDashboard({ env, db: first.db })
  let before = left()
  for (let kill = 0; kill < kills; kill++) {
    await expect.poll(left, { interval: 5 }).toBeLessThan(before - 20)
    await dashboard.stop('SIGKILL')
    before = left()
    expect(before).toBeGreaterThan(kept.length)
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
    // Python's states go before their run does, and a run of two of them within one transaction.
    const ids = sqlite.prepare('SELECT id FROM workflow_runs').pluck().all() as string[]
    expectOnly(first.db, ids, expect)
    dashboard = await startDashboard({ env, db: first.db })
  }
  await expect.poll(left, { timeout: 60_000 }).toBe(kept.length)
  await expect
    .poll(() => sqlite.prepare("SELECT value FROM dashboard_state WHERE key = 'let_go_runs'").pluck().get())
    .toBe(String(oldRuns))
  expectOnly(
    first.db,
    kept.map(({ id }) => id),
    expect,
  )
})
