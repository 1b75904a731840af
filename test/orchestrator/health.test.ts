import { expect, test } from 'vitest'
import type { HealthPath } from '../../src/agent/client.ts'
import { AgentFailure } from '../../src/agent/failure.ts'
import type { HealthAnswer } from '../../src/agent/messages.ts'
import { createHealthMonitor } from '../../src/orchestrator/health.ts'
import type { Agent } from '../../src/orchestrator/registry.ts'
import { createTestClock, settle } from '../support/clock.ts'

type Check = {
  address: string
  path: HealthPath
  deadlineMs: number
  answer: (answer: HealthAnswer, path?: HealthPath) => Promise<void>
  fail: (error: Error) => Promise<void>
}

/** A monitor whose agents answer when the test says so. */
function createWatched(names: string[]) {
  const clock = createTestClock()
  const agents = new Map(names.map((name) => [name, agentNamed(name)]))
  const checks: Check[] = []
  const errors: unknown[] = []
  const monitor = createHealthMonitor({
    client: {
      checkHealth: (address, path, deadlineMs) =>
        new Promise((resolve, reject) => {
          checks.push({
            address,
            path,
            deadlineMs,
            answer: async (answer, found = path) => {
              resolve({ ...answer, path: found })
              await settle()
            },
            fail: async (error) => {
              reject(error)
              await settle()
            },
          })
        }),
    },
    clock,
    agents: () => [...agents.values()],
    agent: (id) => agents.get(id),
    intervalMs: 10_000,
    timeoutMs: 3000,
    onError: (error) => errors.push(error),
  })
  return { clock, agents, checks, errors, monitor }
}

function agentNamed(id: string): Agent {
  const url = `http://localhost/${id}`
  return { id, name: id, url, description: '', registeredAt: 0, lastHeartbeatAt: 0, ttlSeconds: 60 }
}

const refused = () => new AgentFailure('refused', 'connection refused', true)
const healthy: HealthAnswer = { verdict: 'healthy' }

test('asks all agents at once when it starts, each with its own deadline, and again every interval', async () => {
  const { clock, checks, monitor } = createWatched(['a', 'b'])
  monitor.start()
  expect(checks.map(({ address, deadlineMs }) => [address, deadlineMs])).toEqual([
    ['http://localhost/a', 3000],
    ['http://localhost/b', 3000],
  ])
  expect(monitor.checkedAt()).toBe(clock.now())
  for (const check of checks) await check.answer(healthy)
  await clock.advance(9999)
  expect(checks).toHaveLength(2)
  await clock.advance(1)
  expect(checks).toHaveLength(4)
  expect(monitor.checkedAt()).toBe(clock.now())
})

test('asks an agent once at a time, and a slow one delays no other', async () => {
  const { clock, checks, monitor } = createWatched(['slow', 'quick'])
  monitor.start()
  await checks[1]!.answer(healthy)
  expect(monitor.of('quick').state).toBe('healthy')
  expect(monitor.of('slow').state).toBe('checking')
  await clock.advance(30_000)
  const asked = checks.map(({ address }) => address.split('/').at(-1))
  expect(asked.filter((name) => name === 'slow')).toHaveLength(1)
  expect(asked.filter((name) => name === 'quick')).toHaveLength(2)
  await checks[0]!.answer(healthy)
  await clock.advance(10_000)
  expect(checks.filter(({ address }) => address.endsWith('slow'))).toHaveLength(2)
})

test('knows since when a state lasts, and when an agent was last seen well', async () => {
  const { clock, checks, monitor } = createWatched(['a'])
  const start = clock.now()
  monitor.start()
  const round = async (end: (check: Check) => Promise<void>) => {
    await end(checks.at(-1)!)
    const { state, reason, since, seenAt } = monitor.of('a')
    await clock.advance(10_000)
    return [state, reason, since - start, seenAt === undefined ? undefined : seenAt - start]
  }
  expect(await round((check) => check.fail(refused()))).toEqual(['unreachable', 'connection refused', 0, undefined])
  expect(await round((check) => check.answer(healthy))).toEqual(['healthy', undefined, 10_000, 10_000])
  expect(await round((check) => check.answer(healthy))).toEqual(['healthy', undefined, 10_000, 20_000])
  expect(await round((check) => check.answer({ verdict: 'degraded', reason: 'it says "warn"' }))).toEqual([
    'degraded',
    'it says "warn"',
    30_000,
    30_000,
  ])
  expect(await round((check) => check.answer({ verdict: 'unhealthy', reason: 'it answered 500' }))).toEqual([
    'unhealthy',
    'it answered 500',
    40_000,
    30_000,
  ])
  expect(await round((check) => check.fail(new AgentFailure('timeout', 'no answer within 3 s')))).toEqual([
    'unreachable',
    'no answer within 3 s',
    50_000,
    30_000,
  ])
  expect(await round((check) => check.fail(refused()))).toEqual(['unreachable', 'connection refused', 50_000, 30_000])
})

test('remembers on which path an agent answers', async () => {
  const { clock, checks, monitor } = createWatched(['a'])
  monitor.start()
  await checks[0]!.answer(healthy, '/health/live')
  await clock.advance(10_000)
  expect(checks.map(({ path }) => path)).toEqual(['/health', '/health/live'])
})

test('first checks are waited for, and no later ones', async () => {
  const { checks, monitor, clock } = createWatched(['a', 'b'])
  let isDone = false
  const first = monitor.firstChecks().then(() => {
    isDone = true
  })
  monitor.start()
  expect(checks).toHaveLength(2)
  await checks[0]!.answer(healthy)
  expect(isDone).toBe(false)
  await checks[1]!.fail(refused())
  await first
  await clock.advance(10_000)
  await monitor.firstChecks()
  expect(checks).toHaveLength(4)
})

test('an answer for an agent that was removed or moved meanwhile is not noted', async () => {
  const { checks, agents, monitor, clock } = createWatched(['gone', 'moved'])
  monitor.start()
  agents.delete('gone')
  agents.set('moved', { ...agentNamed('moved'), url: 'http://localhost/elsewhere' })
  for (const check of checks.slice(0, 2)) await check.answer(healthy)
  expect(monitor.of('gone').state).toBe('checking')
  expect(monitor.of('moved').state).toBe('checking')
  await clock.advance(10_000)
  expect(checks.slice(2).map(({ address }) => address)).toEqual(['http://localhost/elsewhere'])
  agents.delete('moved')
  await clock.advance(10_000)
  expect(checks).toHaveLength(3)
})

test('what a check at registration found counts as the first', async () => {
  const { monitor, clock } = createWatched(['a'])
  const before = monitor.revision()
  monitor.note('a', { state: 'degraded', reason: 'it says "starting"' })
  expect(monitor.of('a')).toEqual({
    state: 'degraded',
    reason: 'it says "starting"',
    since: clock.now(),
    seenAt: clock.now(),
  })
  await monitor.firstChecks()
  expect(monitor.revision()).not.toBe(before)
  monitor.forget('a')
  expect(monitor.of('a').state).toBe('checking')
})

test('its revision moves with everything it finds', async () => {
  const { monitor, checks, clock } = createWatched(['a'])
  const seen = new Set([monitor.revision()])
  monitor.start()
  seen.add(monitor.revision())
  await checks[0]!.answer(healthy)
  seen.add(monitor.revision())
  await clock.advance(10_000)
  seen.add(monitor.revision())
  expect(seen.size).toBe(4)
})

test('what goes wrong in a round is reported, and the next round is made', async () => {
  const { monitor, checks, clock, errors, agents } = createWatched(['a'])
  const values = agents.values.bind(agents)
  agents.values = () => {
    throw new Error('The database is locked')
  }
  monitor.start()
  expect(errors).toEqual([new Error('The database is locked')])
  expect(monitor.checkedAt()).toBeUndefined()
  agents.values = values
  await clock.advance(10_000)
  await checks[0]!.fail(new TypeError('a mistake in the dashboard'))
  expect(errors).toHaveLength(2)
  await clock.advance(10_000)
  expect(checks).toHaveLength(2)
})

test('once stopped it asks nobody, and looks nothing up', async () => {
  const { monitor, checks, clock, errors, agents } = createWatched(['a'])
  monitor.start()
  monitor.stop()
  agents.get = () => {
    throw new Error('The database is closed')
  }
  await checks[0]!.answer(healthy)
  await clock.advance(60_000)
  expect(checks).toHaveLength(1)
  expect(clock.timers()).toBe(0)
  expect(errors).toEqual([])
  expect(monitor.of('a').state).toBe('checking')
})
