import { expect, test } from 'vitest'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { buildTestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'

const second = 1000
const hour = 3600 * second

async function withRuns() {
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  const ago = (hours: number) => toDatetime(clock.now() - hours * hour)
  const { agentDays } = app.orchestrator
  return { app, clock, ago, agentDays, of: async (id: string) => (await agentDays.read()).of.get(id) }
}

test('a day of an agent counts its runs of 24 hours, and tells nothing that is not known', async () => {
  const { app, ago, of } = await withRuns()
  await insertRuns(app, [
    { workflow_name: 'a', status: 'completed', started_at: ago(25) },
    { workflow_name: 'a', status: 'completed', started_at: ago(23), duration_seconds: 2, total_cost_usd: 0.5 },
    { workflow_name: 'a', status: 'completed', started_at: ago(1), duration_seconds: 9, total_cost_usd: 0.25 },
    { workflow_name: 'a', status: 'failed', started_at: ago(1), duration_seconds: 1 },
    { workflow_name: 'a', status: 'lost', started_at: ago(1), duration_seconds: null },
    { workflow_name: 'a', status: 'cancelled', started_at: ago(1), duration_seconds: null },
    { workflow_name: 'b', status: 'running', started_at: ago(0), duration_seconds: null, total_cost_usd: null },
  ])
  expect(await of('a')).toMatchObject({ runs: 5, failed: 2, success: 0.5, p50Seconds: 2, costUsd: 0.75 })
  expect(await of('b')).toEqual({
    runs: 1,
    failed: 0,
    success: undefined,
    p50Seconds: undefined,
    costUsd: undefined,
  })
  expect(await of('nobody')).toBeUndefined()
})

test('it is read again after ten seconds, and its version moves when something has changed', async () => {
  const { app, clock, ago, of, agentDays } = await withRuns()
  const add = () => insertRuns(app, [{ id: `run-${clock.now()}`, workflow_name: 'a', started_at: ago(0) }])
  await add()
  expect(await of('a')).toMatchObject({ runs: 1 })
  const version = agentDays.version()
  await clock.advance(9 * second)
  await add()
  expect(await of('a')).toMatchObject({ runs: 1 })
  expect(agentDays.version()).toBe(version)
  await clock.advance(second)
  expect(await of('a')).toMatchObject({ runs: 2 })
  expect(agentDays.version()).toBeGreaterThan(version)
  const next = agentDays.version()
  await clock.advance(10 * second)
  expect(await of('a')).toMatchObject({ runs: 2 })
  expect(agentDays.version()).toBe(next)
})

test('the range is of whole hours, and moves on with the hour', async () => {
  const { clock, agentDays } = await withRuns()
  const { range } = await agentDays.read()
  expect(range.to - range.from).toBe(24 * hour)
  expect(range.to % hour).toBe(0)
  expect(range.to).toBeGreaterThan(clock.now())
  await clock.leap(range.to - clock.now())
  expect((await agentDays.read()).range.from).toBe(range.from + hour)
})
