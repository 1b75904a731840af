import { expect, test } from 'vitest'
import { checksOf } from '../support/agents/health-past.ts'
import { healthy, refused, timedOut, watchAgents } from '../support/agents/watched-agents.ts'
import { settle } from '../support/clock.ts'
import { createRandom } from '../support/random.ts'
import { agentNamed } from '../support/runs/executions.ts'

const second = 1000
const always = (answer: typeof healthy | Error, afterMs = 5) => ({ afterMs, with: answer })

test('a single agent is checked at once, and again every interval', async () => {
  const { monitor, checks, clock, start, of } = watchAgents(['a'], { behave: () => always(healthy) })
  expect(of('a').state).toBe('unknown')
  monitor.start()
  await clock.advance(31 * second)
  expect(checks.map(({ at }) => at - start)).toEqual([0, 10_005, 20_010, 30_015])
  expect(checks[0]!.timeoutMs).toBe(3000)
  expect(of('a')).toMatchObject({ state: 'healthy', latencyMs: 5, uptime: 1, misses: 0, isFlapping: false })
  expect(monitor.checkedAt()! - start).toBe(30_020)
})

test('the time between two checks varies by a tenth', async () => {
  const extremes = async (value: number) => {
    const { monitor, checks, clock } = watchAgents(['a'], { random: () => value, behave: () => always(healthy, 0) })
    monitor.start()
    await clock.advance(12 * second)
    return checks[1]!.at - checks[0]!.at
  }
  expect(await extremes(0)).toBe(9000)
  expect(await extremes(1)).toBe(11_000)
})

test('500 agents start spread out: of the first minute no second holds over 5 % of the checks', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `agent-${index}`)
  const random = createRandom(7)
  const { monitor, checks, clock, start } = watchAgents(names, { random, behave: () => always(healthy) })
  monitor.start()
  await clock.advance(60 * second)
  const perSecond = Map.groupBy(checks, ({ at }) => Math.floor((at - start) / second))
  const most = Math.max(...[...perSecond.values()].map(({ length }) => length))
  expect(checks.length).toBeGreaterThan(2500)
  expect(most).toBeLessThan(checks.length * 0.05)
  const first = new Set(checks.filter(({ at }) => at - start < 5 * second).map(({ name }) => name))
  expect(first.size).toBe(500)
})

test('an agent that drops one check in three for ten minutes is never down', async () => {
  const { monitor, clock, of, record } = watchAgents(['a'], {
    behave: (_, number) => always(number % 3 === 0 ? refused() : healthy),
  })
  monitor.start()
  for (let minute = 0; minute < 10 * 60; minute++) {
    await clock.advance(second)
    expect(of('a').state).toBe('healthy')
  }
  expect(await record.incidents('a', 10)).toEqual([])
})

test('three misses are down exactly at the third, 13 s after an agent has died', async () => {
  let isDead = false
  const { monitor, clock, of, checks } = watchAgents(['a'], {
    behave: () => always(isDead ? refused() : healthy),
  })
  monitor.start()
  await clock.advance(second)
  isDead = true
  const diedAt = clock.now()
  const seen: string[] = []
  const begun = checks.length
  for (let step = 0; step < 200; step++) {
    await clock.advance(100)
    const { state, misses } = of('a')
    if (seen.at(-1) !== `${state} ${misses}`) seen.push(`${state} ${misses}`)
    if (state === 'down') break
  }
  expect(seen).toEqual(['healthy 0', 'healthy 1', 'healthy 2', 'down 0'])
  expect(checks.length - begun).toBe(3)
  expect(clock.now() - diedAt).toBe(13_100)
  expect(of('a')).toMatchObject({ reason: 'connection refused', latencyMs: undefined })
})

test('what an agent missed meanwhile, and why, is known before it is down', async () => {
  const { monitor, next, of } = watchAgents(['a'])
  monitor.start()
  await next('a', healthy)
  await next('a', refused())
  expect(of('a')).toMatchObject({ state: 'healthy', misses: 1, reason: 'connection refused' })
  await next('a', timedOut())
  expect(of('a')).toMatchObject({ misses: 2, reason: 'no answer within 3 s' })
  await next('a', healthy)
  expect(of('a')).toMatchObject({ state: 'healthy', misses: 0, reason: undefined })
})

test('answers that alternate change the state at most once', async () => {
  const { monitor, clock, of } = watchAgents(['a'], {
    behave: (_, number) => always(number % 2 ? healthy : refused()),
  })
  monitor.start()
  const seen = new Set<string>()
  for (let step = 0; step < 120; step++) {
    await clock.advance(5 * second)
    seen.add(of('a').state)
  }
  expect([...seen]).toEqual(['healthy'])
})

test('an agent is busy while its own run blocks it, and a refused connection counts even then', async () => {
  const { monitor, next, of, runs, record } = watchAgents(['a'])
  monitor.start()
  await next('a', healthy)
  runs.set('a', 1)
  for (let check = 0; check < 5; check++) await next('a', timedOut())
  expect(of('a')).toMatchObject({ state: 'busy', runs: 1, misses: 0, reason: undefined })
  expect(of('a').checks.at(-1)!.outcome).toBe('busy')
  await next('a', healthy)
  expect(of('a').state).toBe('healthy')
  for (let check = 0; check < 3; check++) await next('a', refused())
  expect(of('a').state).toBe('down')
  expect(await record.incidents('a', 10)).toHaveLength(1)
})

test('a check that ran out of time as the run ended is still no failure', async () => {
  const { monitor, checks, of, runs, clock } = watchAgents(['a'])
  runs.set('a', 1)
  monitor.start()
  await clock.advance(0)
  runs.delete('a')
  await checks[0]!.fail(timedOut())
  expect(of('a')).toMatchObject({ state: 'unknown', misses: 0 })
  await clock.advance(10 * second)
  await checks[1]!.fail(timedOut())
  expect(of('a').misses).toBe(1)
})

test('an answer that takes half of its time or more is degraded, and says how long it took', async () => {
  const { monitor, clock, of } = watchAgents(['a'], { behave: () => always(healthy, 1800) })
  monitor.start()
  await clock.advance(2 * second)
  expect(of('a')).toMatchObject({ state: 'degraded', reason: 'it took 1.8 s to answer', latencyMs: 1800 })
})

test('a good answer to something else is proof of life, but only from where the agent is', async () => {
  const { monitor, next, of } = watchAgents(['a'])
  monitor.start()
  await next('a', refused())
  await next('a', refused())
  monitor.alive('a', 'http://localhost/elsewhere')
  expect(of('a').misses).toBe(2)
  monitor.alive('a', agentNamed('a').url)
  expect(of('a')).toMatchObject({ state: 'healthy', misses: 0 })
  expect(of('a').checks).toHaveLength(2)
  monitor.alive('nobody', 'http://localhost/nobody')
})

test('50 that hang and 200 that are well: the checks of the latter are never more than 2 s late', async () => {
  const names = Array.from({ length: 250 }, (_, index) => (index % 5 === 0 ? `hanging-${index}` : `good-${index}`))
  const { monitor, checks, clock, mostInFlight } = watchAgents(names, {
    behave: (name) => (name.startsWith('hanging') ? always(timedOut(), 3000) : always(healthy, 20)),
  })
  monitor.start()
  await clock.advance(120 * second)
  expect(mostInFlight()).toBe(32)
  const good = Map.groupBy(
    checks.filter(({ name }) => name.startsWith('good')),
    ({ name }) => name,
  )
  expect(good.size).toBe(200)
  for (const [index, one] of [...good.values()].entries()) {
    const gaps = one.slice(1).map(({ at }, index) => at - one[index]!.at)
    expect(Math.min(...gaps), `agent ${index}`).toBeGreaterThan(8000)
    expect(Math.max(...gaps), `agent ${index}`).toBeLessThan(12_020)
  }
})

test('agents that answer are checked 32 at once; of those that do not, no more than 24 are', async () => {
  let isOut = false
  const names = Array.from({ length: 400 }, (_, index) => `agent-${index}`)
  const { monitor, clock, mostInFlight, resetMostInFlight } = watchAgents(names, {
    behave: () => (isOut ? always(timedOut(), 3000) : always(healthy, 1000)),
  })
  monitor.start()
  await clock.advance(30 * second)
  expect(mostInFlight()).toBe(32)
  isOut = true
  await clock.advance(120 * second)
  resetMostInFlight()
  await clock.advance(60 * second)
  expect(mostInFlight()).toBe(24)
})

test('an agent that answers that it is busy is busy, whoever it works for, and well', async () => {
  const { monitor, next, of } = watchAgents(['a'])
  monitor.start()
  const busy = { verdict: 'busy', reason: 'reports "HealthyBusy"' } as const
  await next('a', busy)
  expect(of('a')).toMatchObject({ state: 'busy', reason: 'reports "HealthyBusy"', misses: 0, uptime: 1, runs: 0 })
  monitor.alive('a', agentNamed('a').url)
  expect(of('a')).toMatchObject({ state: 'busy', reason: 'reports "HealthyBusy"' })
  await next('a', healthy)
  expect(of('a')).toMatchObject({ state: 'healthy', reason: undefined })
  await next('a', busy)
  for (let check = 0; check < 3; check++) await next('a', timedOut())
  expect(of('a').state).toBe('down')
})

test('after a computer has slept each agent is checked once, and not all at the same time', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `agent-${index}`)
  const random = createRandom(3)
  const { monitor, checks, clock } = watchAgents(names, { random, behave: () => always(healthy) })
  monitor.start()
  await clock.advance(20 * second)
  const before = checks.length
  await clock.leap(8 * 3_600_000)
  const wokeAt = clock.now()
  await clock.advance(5 * second)
  const woken = checks.slice(before)
  expect(woken).toHaveLength(100)
  expect(new Set(woken.map(({ name }) => name)).size).toBe(100)
  expect(woken.filter(({ at }) => at < wokeAt + second).length).toBeLessThan(50)
})

test('checking now joins the check in flight, and moves the next one', async () => {
  const { monitor, checks, clock, start } = watchAgents(['a', 'b'])
  monitor.start()
  await clock.advance(0)
  const both = [monitor.checkNow('a'), monitor.checkNow('a')]
  expect(checks).toHaveLength(1)
  await checks[0]!.answer(healthy)
  await Promise.all(both)
  await clock.advance(4 * second)
  const all = monitor.checkAll()
  await settle()
  expect(checks.slice(1).map(({ name }) => name)).toEqual(['b', 'a'])
  for (const check of checks.slice(1)) await check.answer(healthy)
  await all
  await clock.advance(9.9 * second)
  expect(checks).toHaveLength(3)
  await clock.advance(second)
  expect(checks.at(-1)!.at - start).toBe(14 * second)
})

test('a paused agent is left alone, and nothing that was believed of it before is said afterwards', async () => {
  const { monitor, checks, clock, of, put } = watchAgents(['a'], { behave: () => always(healthy) })
  monitor.start()
  await clock.advance(second)
  put('a', { pausedAt: clock.now() })
  await clock.advance(60 * second)
  expect(checks).toHaveLength(1)
  expect(of('a').state).toBe('paused')
  await monitor.checkAll()
  expect(checks).toHaveLength(1)
  put('a')
  expect(of('a').state).toBe('unknown')
  await clock.advance(2 * second)
  expect(checks).toHaveLength(2)
  expect(of('a').state).toBe('healthy')
})

test('an agent has its own interval and its own limit where it is given them, from then on', async () => {
  const { monitor, checks, clock, put, start } = watchAgents(['a'], { behave: () => always(healthy, 0) })
  monitor.start()
  await clock.advance(second)
  put('a', { checkIntervalSeconds: 60, checkTimeoutSeconds: 20 })
  await clock.advance(119 * second)
  expect(checks.map(({ at }) => at - start)).toEqual([0, 2000, 62_000])
  expect(checks.map(({ timeoutMs }) => timeoutMs)).toEqual([3000, 20_000, 20_000])
})

test('an agent that asks to be left alone for a while is, after that check alone', async () => {
  const busy = { verdict: 'unhealthy', reason: 'HTTP 503', retryAfterMs: 60 * second } as const
  const { monitor, checks, clock, start } = watchAgents(['a'], {
    behave: (_, number) => always(number === 1 ? busy : healthy, 0),
  })
  monitor.start()
  await clock.advance(80 * second)
  expect(checks.map(({ at }) => at - start)).toEqual([0, 60_000, 70_000, 80_000])
})

test('an agent that registered itself is expired when it stops to beat, though it answers, and comes back by a beat', async () => {
  const { monitor, clock, of, put } = watchAgents([], { behave: () => always(healthy) })
  const beat = () => put('a', { isSelfRegistered: true, ttlSeconds: 30, lastHeartbeatAt: clock.now() })
  beat()
  monitor.start()
  await clock.advance(29 * second)
  expect(of('a').state).toBe('healthy')
  const before = monitor.revision()
  await clock.advance(1.5 * second)
  expect(of('a')).toMatchObject({ state: 'expired', reason: 'no heartbeat within 30 s', uptime: 1 })
  expect(monitor.revision()).toBeGreaterThan(before)
  beat()
  await clock.advance(second)
  expect(of('a').state).toBe('healthy')
})

test('agents that others add, move or remove are noticed within a second', async () => {
  const { monitor, checks, clock, of, put, remove } = watchAgents(['a'], { behave: () => always(healthy) })
  monitor.start()
  await clock.advance(second)
  put('b')
  await clock.advance(1.1 * second)
  expect(of('b').state).toBe('healthy')
  put('a', { url: 'http://localhost/moved' })
  await clock.advance(1.1 * second)
  expect(checks.at(-1)!.name).toBe('moved')
  remove('b')
  const before = checks.length
  await clock.advance(60 * second)
  expect(checks.slice(before).map(({ name }) => name)).not.toContain('b')
})

test('an answer for an agent that was removed or moved meanwhile is not noted', async () => {
  const { monitor, checks, clock, of, put, remove, record } = watchAgents(['gone', 'moved'])
  monitor.start()
  await clock.advance(second)
  remove('gone')
  put('moved', { url: 'http://localhost/elsewhere' })
  await clock.advance(second)
  for (const check of checks.slice(0, 2)) await check.answer(healthy)
  await clock.advance(5 * second)
  expect(of('moved').state).toBe('unknown')
  expect(await checksOf(record, 'gone', 10)).toEqual([])
})

test('remembers on which path an agent answers', async () => {
  const { monitor, checks, clock } = watchAgents(['a'])
  monitor.start()
  await clock.advance(0)
  await checks[0]!.answer(healthy, '/health/live')
  await clock.advance(10 * second)
  expect(checks.map(({ endpoint }) => endpoint)).toEqual([undefined, '/health/live'])
})

test('when most of ten agents fail in one round, this machine may be offline; when half answer again, it is not', async () => {
  let isOffline = false
  const names = Array.from({ length: 10 }, (_, index) => `agent-${index}`)
  const { monitor, clock } = watchAgents(names, { behave: () => always(isOffline ? refused() : healthy) })
  monitor.start()
  await clock.advance(20 * second)
  expect(monitor.mayBeOffline()).toBe(false)
  isOffline = true
  await clock.advance(12 * second)
  expect(monitor.mayBeOffline()).toBe(true)
  await clock.advance(600 * second)
  expect(monitor.mayBeOffline()).toBe(true)
  isOffline = false
  await clock.advance(12 * second)
  expect(monitor.mayBeOffline()).toBe(false)
})

test('nine agents, or ten that fail one after the other, say nothing of this machine', async () => {
  const nine = watchAgents(
    Array.from({ length: 9 }, (_, index) => `agent-${index}`),
    { behave: () => always(refused()) },
  )
  nine.monitor.start()
  await nine.clock.advance(30 * second)
  expect(nine.monitor.mayBeOffline()).toBe(false)

  const dead = new Set<string>()
  const names = Array.from({ length: 12 }, (_, index) => `agent-${index}`)
  const { monitor, clock } = watchAgents(names, { behave: (name) => always(dead.has(name) ? refused() : healthy) })
  monitor.start()
  for (const name of names.slice(0, 9)) {
    await clock.advance(60 * second)
    dead.add(name)
  }
  await clock.advance(60 * second)
  expect(monitor.mayBeOffline()).toBe(false)
})

test('a bug of ours is reported and says nothing of the agent, and it goes on', async () => {
  const { monitor, errors, clock, of, checks } = watchAgents(['a'], {
    behave: (_, number) => always(number === 1 ? new TypeError('a bug in the dashboard') : healthy),
  })
  monitor.start()
  await clock.advance(second)
  expect(errors).toEqual([new TypeError('a bug in the dashboard')])
  expect(of('a')).toMatchObject({ state: 'unknown', misses: 0 })
  await clock.advance(10 * second)
  expect(checks).toHaveLength(2)
  expect(of('a').state).toBe('healthy')
})

test('agents that cannot be read from the database are no verdict, and the next look may go well', async () => {
  const { monitor, agents, errors, clock, of } = watchAgents(['a'], { behave: () => always(healthy) })
  const values = agents.values.bind(agents)
  agents.values = () => {
    throw new Error('The database is locked')
  }
  await monitor.start()
  await clock.advance(0)
  expect(errors).toEqual([new Error('The database is locked')])
  agents.values = values
  await clock.advance(2 * second)
  expect(of('a').state).toBe('healthy')
})

test('once stopped it asks nobody, and no timer is left', async () => {
  const { monitor, checks, clock, of } = watchAgents(['a', 'b'])
  monitor.start()
  await clock.advance(0)
  monitor.stop()
  await checks[0]!.answer(healthy)
  await clock.advance(60 * second)
  expect(checks).toHaveLength(1)
  expect(clock.timers()).toBe(0)
  expect(of('a').state).toBe('unknown')
})

test('its revision moves with everything it finds, and not without', async () => {
  const { monitor, clock } = watchAgents(['a'], { behave: () => always(healthy) })
  monitor.start()
  await clock.advance(second)
  const before = monitor.revision()
  await clock.advance(8 * second)
  expect(monitor.revision()).toBe(before)
  await clock.advance(2 * second)
  expect(monitor.revision()).toBeGreaterThan(before)
})
