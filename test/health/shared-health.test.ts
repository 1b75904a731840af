import { expect, onTestFinished, test, vi } from 'vitest'
import { AgentFailure } from '../../src/agent/http/failure.ts'
import { createCluster } from '../../src/orchestrator/cluster/cluster.ts'
import { createHealthMonitor } from '../../src/orchestrator/health/monitor.ts'
import { createHealthRecorder } from '../../src/orchestrator/health/records/recorder.ts'
import type { Store } from '../../src/store/ports.ts'
import { reply } from '../support/agents/reply.ts'
import { createHastyClock } from '../support/clock.ts'
import { createTestEvents } from '../support/events.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { agentNamed } from '../support/runs/executions.ts'
import { openTestPostgres } from '../support/store/postgres.ts'

const limits = { perAgent: 4, inAll: 100 }
const noRuns = { takeUp: () => undefined, heed: () => Promise.resolve() }
const agent = agentNamed('writer')
const editor = agentNamed('editor')
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

async function open() {
  const { url, client } = await testDatabase()
  let isUp = true
  return {
    client,
    fail: () => {
      isUp = false
    },
    async start(name: string, { ttlMs = 60_000, intervalMs = 1000, agents = () => [agent], aheadMs = 0 } = {}) {
      const hasty = createHastyClock(20)
      const clock = { ...hasty, now: () => hasty.now() + aheadMs }
      const { store } = await openTestPostgres({ url, clock })
      const { events, errors } = createTestEvents()
      const dashboard = { name, version: '1.0.0' }
      const deps = { store: store as Store, dashboard, ttlMs, limits, processId: name, clock, events }
      const cluster = createCluster(deps)!
      await cluster.start(noRuns)
      const recorder = createHealthRecorder({
        ...{ store: cluster.health.record, clock, events },
        agentIds: () => [agent.id],
      })
      let checks = 0
      const monitor = createHealthMonitor({
        protocols: {
          plain: {
            checkHealth: async (_, { endpoint = '/health' }) => {
              checks++
              if (!isUp) throw new AgentFailure('refused', 'connection refused', true)
              return { verdict: 'busy', reason: 'it said so', endpoint, reply: reply({}) }
            },
          },
        },
        ...{ clock, recorder, events, shared: cluster.health, intervalMs, timeoutMs: 3000 },
        random: () => 0.5,
        refreshAgents: async () => {},
        agents,
        version: () => 0,
        runsOn: () => 0,
        isWorking: () => false,
        isExpired: () => false,
      })
      recorder.start()
      await monitor.start()
      async function stop(): Promise<void> {
        cluster.resign()
        monitor.stop()
        await recorder.close()
        await cluster.close()
      }
      onTestFinished(stop)
      const shown = (of = agent) => {
        const { state, reason, since, seenAt, misses, checks, uptime, latencies } = monitor.of(of)
        return { state, reason, since, seenAt, misses, uptime, latencies, checkedAt: checks.map(({ at }) => at) }
      }
      return { store, errors, recorder, monitor, shown, stop, checks: () => checks }
    },
  }
}

test('one dashboard checks agents, and the others show the same, until it stops', async () => {
  const { fail, start, client } = await open()
  const one = await start('one')
  const two = await start('two')
  await until(() => expect(one.checks()).toBeGreaterThan(3))
  await until(() => expect(two.shown()).toMatchObject({ state: 'busy', reason: 'it said so', uptime: 1 }))
  expect(two.shown().since).toBe(one.shown().since)
  fail()
  await until(() => expect(two.shown()).toMatchObject({ state: 'down', reason: 'connection refused' }))
  const { since } = two.shown()
  expect(one.shown().since).toBe(since)
  expect(two.checks()).toBe(0)

  // What a dashboard that does not lead would record is left to the one that does.
  const recorded = () => client.query('SELECT count(*)::int AS checks FROM health_checks WHERE latency_ms = 987')
  two.recorder.add({ agentId: agent.id, at: 1, outcome: 'up', latencyMs: 987, reason: null })
  two.recorder.endIncidents(agent.id, Date.now())
  await two.recorder.close()
  expect((await recorded()).rows).toEqual([{ checks: 0 }])
  expect((await one.store.health.incidents(agent.id, 9)).map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual(
    [[since, undefined]],
  )

  await one.stop()
  await until(() => expect(two.checks()).toBeGreaterThan(2))
  expect(two.shown()).toMatchObject({ state: 'down', since })
  expect([one.errors, two.errors]).toEqual([[], []])
})

test('a dashboard that learns of an agent late takes over what was told of it before', async () => {
  const { start, client } = await open()
  const rarely = { intervalMs: 3_600_000 }
  const one = await start('one', { ...rarely, agents: () => [agent, editor] })
  const told = () => client.query(`SELECT FROM agent_health WHERE belief LIKE '%it said so%'`)
  await until(async () => expect((await told()).rows).toHaveLength(2))
  let known: (typeof agent)[] = []
  const two = await start('two', { ...rarely, agents: () => known })
  await two.monitor.checkNow(agent.id)
  known = [agent, editor]
  for (const of of known) await until(() => expect(two.shown(of)).toEqual(one.shown(of)))
  expect(two.shown(editor)).toMatchObject({ state: 'busy', reason: 'it said so' })
})

test('who led and could not record a check counts it no more, and who leads then counts all of the record', async () => {
  const { start, client } = await open()
  const one = await start('one', { ttlMs: 3000 })
  const two = await start('two', { ttlMs: 3000 })
  await until(() => expect(two.shown().checkedAt.length).toBeGreaterThan(1))
  const rest = one.monitor.checkNow(agent.id)
  await client.query(
    `UPDATE leases SET owner = (SELECT id::text FROM dashboards WHERE name = 'two'), epoch = epoch + 1`,
  )
  await rest
  await until(() => expect(two.checks()).toBeGreaterThan(0))
  await until(async () => {
    const recorded = (await client.query('SELECT at FROM health_checks ORDER BY at DESC LIMIT 30')).rows
    for (const { shown } of [one, two]) {
      expect(shown().checkedAt).toEqual(recorded.map(({ at }) => Number(at)).reverse())
    }
    expect(one.shown().latencies).toEqual(two.shown().latencies)
  })
})

test('checks of a leader whose clock is behind come after those of the one before it, for all', async () => {
  const { start } = await open()
  const one = await start('one', { aheadMs: 20_000 })
  const two = await start('two')
  const three = await start('three', { aheadMs: 10_000 })
  await until(() => expect(three.shown().checkedAt.length).toBeGreaterThan(3))
  await one.stop()
  await until(() => expect(two.checks()).toBeGreaterThan(3))
  await two.monitor.checkNow(agent.id)
  await two.recorder.written()
  await until(() => expect(three.shown().checkedAt.slice(-3)).toEqual(two.shown().checkedAt.slice(-3)))
  const { checkedAt } = three.shown()
  expect(checkedAt).toEqual(checkedAt.toSorted((a, b) => a - b))
  expect(checkedAt.length).toBeGreaterThan(6)
})
