import { expect, test } from 'vitest'
import { sql } from '../../src/store/sqlite/sql/drizzle.ts'
import { checksOf, incidentOf } from '../support/agents/health-past.ts'
import { healthy, refused, watchAgents } from '../support/agents/watched-agents.ts'

const second = 1000
const always = (answer: typeof healthy | Error) => () => ({ afterMs: 5, with: answer })

test('checks are on disk within seconds, and shown again after a restart', async () => {
  const first = watchAgents(['a'], { behave: always(healthy) })
  first.recorder.start()
  first.monitor.start()
  await first.clock.advance(95 * second)
  const { checks, lastHour, latencies } = first.of('a')
  expect(checks).toHaveLength(10)
  expect(lastHour.slots.filter(Boolean)).toEqual(['up', 'up'])
  expect(latencies.at(-1)).toBe(5)
  first.monitor.stop()
  await first.recorder.close()
  await first.store.close()

  const later = watchAgents(['a'], { path: first.path })
  await later.clock.advance(95 * second)
  await later.monitor.start()
  expect(later.of('a')).toMatchObject({ state: 'unknown', checks, lastHour, latencies, uptime: 1 })
})

test('an agent that was down is down until two good answers say otherwise, also over a restart', async () => {
  const first = watchAgents(['a'], { behave: always(refused()) })
  first.monitor.start()
  await first.clock.advance(10 * second)
  const { since } = first.of('a')
  expect(first.of('a')).toMatchObject({ state: 'down', since: first.start + 5 })
  first.monitor.stop()
  await first.recorder.close()
  await first.store.close()

  const later = watchAgents(['a'], { path: first.path, behave: always(healthy) })
  await later.monitor.start()
  expect(later.of('a')).toMatchObject({ state: 'down', since, reason: 'connection refused' })
  await later.clock.advance(second)
  expect(later.of('a').state).toBe('down')
  await later.clock.advance(2 * second)
  expect(later.of('a').state).toBe('healthy')
  expect(await later.record.incidents('a', 10)).toMatchObject([{ startedAt: since, endedAt: expect.any(Number) }])
})

test('an incident lasts from the first check that failed to the answer that made it good', async () => {
  const { monitor, next, of, record, checks } = watchAgents(['a'])
  monitor.start()
  await next('a', healthy)
  await next('a', refused())
  const from = checks.at(-1)!.at
  await next('a', refused())
  await next('a', refused())
  expect(await record.incidents('a', 10)).toMatchObject([
    { startedAt: from, endedAt: undefined, reason: 'connection refused' },
  ])
  await next('a', healthy)
  await next('a', healthy)
  expect(await record.incidents('a', 10)).toMatchObject([{ startedAt: from, endedAt: checks.at(-1)!.at }])
  expect(of('a').state).toBe('healthy')
})

test('an incident ends when the agent is moved, paused or removed', async () => {
  const { monitor, clock, record, put, remove } = watchAgents(['moved', 'paused', 'removed'], {
    behave: always(refused()),
  })
  monitor.start()
  await clock.advance(10 * second)
  for (const id of ['moved', 'paused', 'removed']) expect(await incidentOf(record, id), id).toBeDefined()
  put('moved', { url: 'http://localhost/elsewhere' })
  put('paused', { pausedAt: clock.now() })
  remove('removed')
  await clock.advance(1.5 * second)
  for (const id of ['moved', 'paused', 'removed']) expect(await incidentOf(record, id), id).toBeUndefined()
})

test('an incident that begins and ends while the database cannot be written is written later', async () => {
  let answer: typeof healthy | Error = healthy
  const { monitor, recorder, clock, of, store, record, start } = watchAgents(['a'], {
    behave: () => ({ afterMs: 5, with: answer }),
  })
  recorder.start()
  monitor.start()
  await clock.advance(15 * second)
  store.db.$client.pragma('query_only = ON')
  answer = refused()
  await clock.advance(30 * second)
  expect(of('a').state).toBe('down')
  answer = healthy
  await clock.advance(30 * second)
  expect(of('a').state).toBe('healthy')
  expect(await record.incidents('a', 10)).toEqual([])
  store.db.$client.pragma('query_only = OFF')
  await clock.advance(30 * second)
  const [incident, ...others] = await record.incidents('a', 10)
  expect(others).toEqual([])
  expect(incident!.startedAt).toBeGreaterThan(start + 15 * second)
  expect(incident!.endedAt).toBeGreaterThan(incident!.startedAt)
  expect(incident!.endedAt).toBeLessThan(start + 75 * second)
})

test('while the database cannot be written, checks wait and no agent is called down for it', async () => {
  const { monitor, recorder, clock, of, store, record, errors } = watchAgents(['a'], { behave: always(healthy) })
  recorder.start()
  monitor.start()
  await clock.advance(second)
  store.db.run(sql`CREATE TEMP TRIGGER full BEFORE INSERT ON health_checks BEGIN SELECT raise(ABORT, 'full'); END`)
  await clock.advance(30 * second)
  expect(of('a').state).toBe('healthy')
  expect(errors.length).toBeGreaterThan(0)
  expect(await checksOf(record, 'a', 10)).toEqual([])
  store.db.run(sql`DROP TRIGGER full`)
  await clock.advance(3 * second)
  expect(await checksOf(record, 'a', 10)).toHaveLength(4)
})

test('what is old is let go, one agent a time', async () => {
  const { recorder, clock, record } = watchAgents(['a', 'b'])
  const old = { outcome: 'up' as const, latencyMs: 1, reason: null, at: clock.now() - 25 * 3_600_000 }
  await record.record([
    { agentId: 'a', ...old },
    { agentId: 'b', ...old },
  ])
  recorder.start()
  await clock.advance(0)
  expect([await checksOf(record, 'a', 1), await checksOf(record, 'b', 1)].map(({ length }) => length)).toEqual([0, 1])
  await clock.advance(2 * second)
  expect(await checksOf(record, 'b', 1)).toEqual([])
})

test('an agent that is removed and comes back under its id begins anew', async () => {
  const { monitor, recorder, clock, agents, of, put, remove } = watchAgents(['a'], { behave: always(healthy) })
  recorder.start()
  monitor.start()
  await clock.advance(25 * second)
  remove('a')
  monitor.forget('a')
  await clock.advance(5 * second)
  put('a')
  monitor.welcome(agents.get('a')!, { outcome: 'up', latencyMs: 7, endpoint: '/health' })
  expect(of('a')).toMatchObject({ state: 'healthy', checks: [{ latencyMs: 7 }] })
})

test('an agent that moves keeps the checks it had', async () => {
  const { monitor, clock, of, put } = watchAgents(['a'], { behave: always(healthy) })
  monitor.start()
  await clock.advance(25 * second)
  put('a', { url: 'http://localhost/elsewhere' })
  await clock.advance(1.1 * second)
  expect(of('a').checks).toHaveLength(4)
})
