import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CheckRow, createHealthTable, spans } from '../../../src/store/sqlite/health/health.ts'
import { endurance } from '../../support/endurance.ts'
import { connect, openTestStore } from '../../support/store.ts'

const start = Date.UTC(2026, 10, 22, 16, 59, 30)
const dayMs = 86_400_000
const minuteMs = 60_000

const check = (more: Partial<CheckRow> = {}): CheckRow => ({
  agentId: 'a',
  at: start,
  outcome: 'up',
  latencyMs: 12.5,
  reason: null,
  ...more,
})

test('checks are kept as they were, and the last of them come oldest first', async () => {
  const table = createHealthTable(openTestStore().store)
  const checks = Array.from({ length: 40 }, (_, index) => check({ at: start + index * 10_000 }))
  const failed = check({ at: start + 400_000, outcome: 'down', latencyMs: null, reason: 'connection refused' })
  await table.record([...checks, failed, check({ agentId: 'b' })])
  expect(table.lastChecks('a', 30)).toEqual([...checks, failed].slice(-30))
  expect(table.lastChecks('b', 30)).toEqual([check({ agentId: 'b' })])
  expect(table.lastChecks('nobody', 30)).toEqual([])
})

test('the sums of a minute, an hour and a day are those of the checks in them', async () => {
  const outcome = fc.constantFrom('up' as const, 'degraded' as const, 'busy' as const, 'down' as const)
  const one = fc.record({
    at: fc.integer({ min: start, max: start + 2 * dayMs }),
    outcome,
    latencyMs: fc.option(fc.integer({ min: 0, max: 3000 })),
  })
  const all = fc.uniqueArray(one, { selector: ({ at }) => at, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(all, fc.integer({ min: 1, max: 7 }), async (rows, batch) => {
      const table = createHealthTable(openTestStore().store)
      const checks = rows.map((row) => check(row))
      for (let from = 0; from < checks.length; from += batch) await table.record(checks.slice(from, from + batch))
      for (const span of Object.values(spans)) {
        const groups = Map.groupBy(checks, ({ at }) => at - (at % (span * 1000)))
        const expected = [...groups]
          .sort(([a], [b]) => a - b)
          .map(([at, members]) => {
            const latencies = members.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
            return {
              agentId: 'a',
              span,
              at,
              up: members.filter(({ outcome }) => outcome === 'up' || outcome === 'degraded').length,
              down: members.filter(({ outcome }) => outcome === 'down').length,
              answered: latencies.length,
              latencySum: latencies.reduce((sum, ms) => sum + ms, 0),
              latencyMin: latencies.length === 0 ? null : Math.min(...latencies),
              latencyMax: latencies.length === 0 ? null : Math.max(...latencies),
            }
          })
        expect(table.rollups('a', span, 0)).toEqual(expected)
      }
    }),
    { numRuns: endurance(10, 200) },
  )
})

test('a check that is written twice counts once', async () => {
  const table = createHealthTable(openTestStore().store)
  await table.record([check(), check()])
  await table.record([check()])
  expect(table.rollups('a', spans.day, 0)).toMatchObject([{ up: 1 }])
})

test('checks are kept a day, minutes a day, hours 30 days, days a year', async () => {
  const { store, path } = openTestStore()
  const table = createHealthTable(store)
  // The two around one day stand in the same calendar day.
  const ages = [0, 0.9, 1.1, 29, 31, 364, 366]
  await table.record(ages.map((days) => check({ at: start - days * dayMs })))
  await table.prune('a', start)
  expect(table.lastChecks('a', 100).map(({ at }) => (start - at) / dayMs)).toEqual([0.9, 0])
  const kept = (span: number) => table.rollups('a', span, 0).length
  expect([kept(spans.minute), kept(spans.hour), kept(spans.day)]).toEqual([2, 4, 5])
  expect(connect(path).prepare('SELECT count(*) FROM health_checks').pluck().get()).toBe(2)
})

test('a query for one agent never looks at those of another', () => {
  const { path } = openTestStore()
  const sqlite = connect(path)
  const plan = (sql: string) => (sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])[0]!.detail
  expect(plan("SELECT * FROM health_checks WHERE agent_id = 'a' ORDER BY at DESC LIMIT 30")).toMatch(
    /^SEARCH.*agent_id=/,
  )
  expect(plan("SELECT * FROM health_rollups WHERE agent_id = 'a' AND span = 60 AND at >= 0 ORDER BY at")).toMatch(
    /^SEARCH.*agent_id=\? AND span=\? AND at>/,
  )
  expect(plan("DELETE FROM health_checks WHERE agent_id = 'a' AND at < 5")).toMatch(/^SEARCH.*agent_id=\? AND at</)
  expect(plan("SELECT * FROM health_incidents WHERE agent_id = 'a' ORDER BY started_at DESC")).toMatch(/^SEARCH/)
})

test('an incident begins, and ends, and the newest come first', async () => {
  const table = createHealthTable(openTestStore().store)
  await table.beginIncident('a', start, 'connection refused')
  expect(table.openIncident('a')).toMatchObject({ startedAt: start, endedAt: null, reason: 'connection refused' })
  await table.endIncidents('a', start + minuteMs)
  expect(table.openIncident('a')).toBeUndefined()
  await table.beginIncident('a', start + 2 * minuteMs, 'no answer within 3 s')
  expect(table.incidents('a', 10)).toMatchObject([
    { startedAt: start + 2 * minuteMs, endedAt: null },
    { startedAt: start, endedAt: start + minuteMs },
  ])
  expect(table.incidents('b', 10)).toEqual([])
})

test('forgetting an agent removes what was known until then, in small steps, and of no other agent', async () => {
  const table = createHealthTable(openTestStore().store)
  const many = Array.from({ length: 1300 }, (_, index) => check({ at: start + index }))
  await table.record(many)
  await table.record([check({ agentId: 'b' }), check({ at: start + dayMs })])
  await table.beginIncident('a', start, 'connection refused')
  await table.forget('a', start + minuteMs)
  expect(table.lastChecks('a', 10)).toEqual([check({ at: start + dayMs })])
  expect(table.incidents('a', 10)).toEqual([])
  expect(table.lastChecks('b', 10)).toHaveLength(1)
})

test('nobody who keeps what was read hears of a check', async () => {
  const { store } = openTestStore()
  const table = createHealthTable(store)
  const before = store.revision()
  await table.record([check()])
  await table.prune('a', start)
  expect(store.revision()).toBe(before)
})
