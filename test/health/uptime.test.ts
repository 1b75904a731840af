import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Downtime } from '../../src/orchestrator/health/records/incidents.ts'
import { latencyOf, type Range } from '../../src/orchestrator/health/records/latency.ts'
import { uptimeDays, uptimeOf } from '../../src/orchestrator/health/records/uptime.ts'
import { utc, type Zone, zoneNamed } from '../../src/shared/time/zone.ts'
import type { RecordedCheck } from '../../src/store/ports/health.ts'
import { presentUptime } from '../../src/web/agents/page/uptime.ts'
import { createTimes } from '../../src/web/format/times.ts'
import { checksOf, dayMs, failed, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { endurance } from '../support/endurance.ts'
import { openTestStore } from '../support/store/store.ts'

const daysIn = (zone: Zone, now: number) =>
  Array.from({ length: uptimeDays }, (_, index) => ({
    from: zone.startOfDay(now, index + 1 - uptimeDays),
    to: zone.startOfDay(now, index + 2 - uptimeDays),
  }))

async function withChecks(make: (now: number) => RecordedCheck[], downtimes: Downtime[] = [], since?: number) {
  const { store, clock } = openTestStore()
  const checks = make(clock.now())
  await store.health.record(checks)
  const now = clock.now()
  const record = {
    hours: await store.health.rollups('a', 'hour', now - 30 * dayMs),
    days: await store.health.rollups('a', 'day', now - 91 * dayMs),
    downtimes: { latest: downtimes, since },
  }
  const uptime = (registeredAt = 0, zone = utc) => uptimeOf(record, daysIn(zone, now), now, registeredAt)
  return { checks, now, uptime, latency: (range: Range) => latencyOf(store.health, 'a', range, now) }
}

/** Some checks over 120 days: none in some hours, some that fail, some that the agent was too busy to answer. */
const someChecks = fc.array(
  fc.record({
    agoMs: fc.integer({ min: 0, max: 120 * dayMs }),
    outcome: fc.constantFrom('up', 'up', 'degraded', 'busy', 'down'),
    latencyMs: fc.integer({ min: 1, max: 3000 }),
  }),
  { maxLength: 200 },
)

test('the shares of good checks are those that counting each check gives', async () => {
  await fc.assert(
    fc.asyncProperty(someChecks, async (some) => {
      const { checks, now, uptime } = await withChecks((now) =>
        some.map(({ agoMs, outcome, latencyMs }) => {
          const isAnswered = outcome === 'up' || outcome === 'degraded'
          return { agentId: 'a', at: now - agoMs, outcome, latencyMs: isAnswered ? latencyMs : null, reason: null }
        }),
      )
      // Two checks of one agent at one moment are one.
      const distinct = [...new Map(checks.toReversed().map((check) => [check.at, check])).values()]
      const share = (lengthMs: number) => {
        const counted = distinct.filter(({ at, outcome }) => {
          const hour = Math.floor(at / hourMs) * hourMs
          return outcome !== 'busy' && hour > now - lengthMs
        })
        const good = counted.filter(({ outcome }) => outcome !== 'down')
        return counted.length === 0 ? undefined : good.length / counted.length
      }
      const { shares, days } = uptime()
      expect(shares).toMatchObject({ '24h': share(dayMs), '7d': share(7 * dayMs), '30d': share(30 * dayMs) })
      const shown = distinct.filter(({ at }) => at >= days[0]!.from)
      const good = shown.filter(({ outcome }) => outcome === 'up' || outcome === 'degraded').length
      const all = shown.filter(({ outcome }) => outcome !== 'busy').length
      expect(shares['90d']).toBe(all === 0 ? undefined : good / all)
      for (const { from, to, state, share } of days) {
        const outcomes = shown.filter(({ at }) => at >= from && at < to).map(({ outcome }) => outcome)
        const has = (outcome: string) => outcomes.some((one) => one === outcome)
        const isUp = has('up') || has('degraded')
        const worst = has('degraded') ? 'degraded' : isUp ? 'good' : has('down') ? 'down' : 'none'
        expect({ state, isKnown: share !== undefined }).toEqual({ state: worst, isKnown: isUp || has('down') })
      }
    }),
    { numRuns: endurance(15, 300) },
  )
})

test('nothing is known of an agent that was never checked', async () => {
  const { uptime, latency } = await withChecks(() => [])
  const { shares, since, days } = uptime()
  expect(Object.values(shares)).toEqual([undefined, undefined, undefined, undefined])
  expect(since).toBeUndefined()
  expect(days.map(({ state }) => state)).toEqual(Array(90).fill('none'))
  const nothing = { up: 0, down: 0, average: undefined, fastest: undefined, slowest: undefined }
  expect(await latency('24h')).toMatchObject({ points: [], drawn: [], all: nothing })
})

test('says since when an agent is watched, when that is not longer than what is shown', async () => {
  const since = async (days: number, registered?: (first: number) => number) => {
    const { uptime, checks, now } = await withChecks((now) =>
      checksOf('a', { from: now - days * dayMs, to: now, everyMs: 10 * minuteMs }),
    )
    const found = uptime(registered?.(checks[0]!.at)).since
    return found === undefined ? undefined : Math.round((now - found) / minuteMs)
  }
  expect(await since(95)).toBeUndefined()
  // Of this long ago, only the day is known.
  expect(await since(40)).toBe(40 * 24 * 60 + 16 * 60 + 15)
  // The first hour began at 16:00, the first check was at 16:14.
  expect(await since(2)).toBe(2 * 24 * 60 + 15)
  expect(await since(2, (first) => first - 3 * minuteMs)).toBe(2 * 24 * 60 + 3)
  // Registered long before this dashboard watched it.
  expect(await since(2, (first) => first - 90 * dayMs)).toBe(2 * 24 * 60 + 15)
})

test('a day shows its worst state, and how long an agent was down', async () => {
  const start = openTestStore().clock.now()
  const midnight = utc.startOfDay(start)
  const { uptime, now } = await withChecks(
    () =>
      checksOf('a', { from: midnight - 4 * dayMs, to: start, everyMs: hourMs }, (_, at) => {
        if (at >= midnight - 3 * dayMs && at < midnight - 3 * dayMs + 2 * hourMs) return failed
        return at === midnight - 2 * dayMs + hourMs ? { outcome: 'degraded' } : {}
      }),
    [
      { startedAt: midnight - hourMs, endedAt: undefined, reason: 'connection refused' },
      { startedAt: midnight - 3 * dayMs - hourMs, endedAt: midnight - 3 * dayMs + hourMs, reason: 'no answer' },
    ],
  )
  const shown = uptime()
    .days.slice(-6)
    .map(({ state, downMs }) => [state, downMs / hourMs])
  expect(shown).toEqual([
    ['none', 0],
    ['down', 1],
    ['down', 1],
    ['degraded', 0],
    ['down', 1],
    ['down', (now - midnight) / hourMs],
  ])
})

test('before the first incident that is known, a failed check may have been one, and the page says so', async () => {
  const { uptime, now } = await withChecks(
    (now) =>
      [9, 2].flatMap((days) =>
        checksOf('a', { from: now - days * dayMs, to: now - days * dayMs + 3, everyMs: 1 }, (index) =>
          index === 1 ? failed : {},
        ),
      ),
    [],
    openTestStore().clock.now() - 5 * dayMs,
  )
  const found = uptime()
  expect(found.days.filter(({ state }) => state !== 'none').map(({ state }) => state)).toEqual(['down', 'good'])
  expect(presentUptime(found, createTimes(utc, now)).notes).toEqual([
    'Too many incidents: those before 17 Nov, 16:14 are not counted as downtime.',
  ])
})

test.each([
  ['Asia/Kolkata', ['Checks between 00:00 and 00:30 count toward the day before.']],
  ['Asia/Kathmandu', ['Checks between 00:00 and 00:45 count toward the day before.']],
  ['Europe/Berlin', []],
])('in %s the page says which checks count for another day', async (name, notes) => {
  const zone = zoneNamed(name)!
  const { uptime, now } = await withChecks(() => [])
  expect(presentUptime(uptime(0, zone), createTimes(zone, now)).notes).toEqual(notes)
})

test.each(['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu'])(
  'in %s the day in which the known hours begin has all of its checks, and no day has none',
  async (name) => {
    const zone = zoneNamed(name)!
    const { uptime, checks, now } = await withChecks((now) =>
      checksOf('a', { from: now - 40 * dayMs, to: now, everyMs: 20 * minuteMs }, (_, at) =>
        at < now - 30 * dayMs ? { outcome: 'degraded' } : {},
      ),
    )
    const found = uptime(0, zone)
    const states = found.days.map(({ state }) => state)
    expect(states.slice(-39)).not.toContain('none')
    const begun = utc.startOfDay(now - 30 * dayMs)
    const isHit = ({ from, to }: { from: number; to: number }) => from <= begun + dayMs / 3 && to > begun + dayMs / 3
    expect(checks.some(({ at, outcome }) => at >= begun && outcome === 'degraded')).toBe(true)
    expect(found.days.find(isHit)!.state).toBe('degraded')
    const notes = presentUptime(found, createTimes(zone, now)).notes.filter((note) => note.startsWith('Until'))
    expect(notes).toEqual(zone === utc ? [] : ['Until 23 Oct, checks are counted by UTC day.'])
    const since = uptime(now - 3 * dayMs, zone)
    const short = { ...since, since: now - 3 * dayMs }
    expect(presentUptime(short, createTimes(zone, now)).notes.join()).not.toContain('UTC day')
  },
)

test('days are those of a zone', async () => {
  const zone = zoneNamed('Asia/Kolkata')!
  const { uptime, now } = await withChecks((now) =>
    // 18:00 UTC is half past eleven in the evening there, 19:00 the next day.
    [zone.startOfDay(now) - minuteMs * 30, zone.startOfDay(now) + minuteMs * 30].flatMap((at, index) =>
      checksOf('a', { from: at, to: at + 1, everyMs: 1 }, () => (index === 0 ? { outcome: 'degraded' } : {})),
    ),
  )
  const states = (of: Zone) =>
    uptime(0, of)
      .days.slice(-2)
      .map(({ state }) => state)
  expect(new Date(now).toISOString()).toMatch(/T16:/)
  expect(states(zone)).toEqual(['degraded', 'good'])
  expect(states(utc)).toEqual(['degraded', 'none'])
})

test.each([
  ['24h', 5 * minuteMs, 15 * minuteMs, dayMs],
  ['7d', hourMs, 2 * hourMs, 7 * dayMs],
  ['30d', hourMs, 6 * hourMs, 30 * dayMs],
  ['1y', dayMs, 3 * dayMs, 365 * dayMs],
] as const)(
  'the chart of %s has points, and fewer to draw, with the latencies of their checks',
  async (range, pointMs, drawnMs, lengthMs) => {
    const { latency, checks, now } = await withChecks((now) =>
      checksOf('a', { from: now - lengthMs * 1.2, to: now, everyMs: pointMs / 3 }, (index) =>
        index % 7 === 0 ? failed : { latencyMs: 20 + (index % 50) },
      ),
    )
    const found = await latency(range)
    expect(found).toMatchObject({ range, to: now, pointMs, drawnMs })
    expect(found.from % pointMs).toBe(0)
    expect(found.from - (now - lengthMs)).toBeGreaterThanOrEqual(0)
    expect(found.from - (now - lengthMs)).toBeLessThan(pointMs)

    const within = checks.filter(({ at }) => at >= found.from)
    const expected = (lengthMs: number) =>
      [...Map.groupBy(within, ({ at }) => Math.floor(at / lengthMs) * lengthMs)].map(([at, group]) => {
        const latencies = group.map((check) => check.latencyMs).filter((ms) => ms !== null)
        return {
          at,
          up: group.filter(({ outcome }) => outcome === 'up').length,
          down: group.filter(({ outcome }) => outcome === 'down').length,
          average: expect.closeTo(latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length, 6),
          fastest: Math.min(...latencies),
          slowest: Math.max(...latencies),
        }
      })
    expect(found.points).toEqual(expected(pointMs))
    expect(found.drawn).toEqual(expected(drawnMs))
    expect(found.all).toMatchObject({ up: within.filter(({ outcome }) => outcome === 'up').length, slowest: 69 })
  },
)

test('a while without checks has no points, and one without answers has points without latencies', async () => {
  const { latency } = await withChecks((now) => [
    ...checksOf('a', { from: now - 5 * hourMs, to: now - 4 * hourMs, everyMs: minuteMs }),
    ...checksOf('a', { from: now - hourMs, to: now, everyMs: minuteMs }, () => failed),
  ])
  const { points, to } = await latency('24h')
  expect(points.every(({ at }) => at >= to - 6 * hourMs)).toBe(true)
  expect(points.filter(({ at }) => at > to - 3.5 * hourMs && at < to - 1.5 * hourMs)).toEqual([])
  expect(points.at(-2)).toMatchObject({ up: 0, down: 5, average: undefined, fastest: undefined, slowest: undefined })
})
