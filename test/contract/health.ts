import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordedCheck, Resolution, Rollup } from '../../src/store/ports/health.ts'
import { checksOf, incidentOf, worstOf } from '../support/agents/health-past.ts'
import { endurance } from '../support/endurance.ts'
import { asKept, hostileTexts } from './hostile-texts.ts'
import type { OpenStore } from './open.ts'

const start = Date.UTC(2026, 10, 22, 16, 59, 30)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const lengths: Record<Resolution, number> = { minute: minuteMs, hour: hourMs, day: dayMs }
const resolutions = Object.keys(lengths) as Resolution[]

const check = (more: Partial<RecordedCheck> = {}): RecordedCheck => ({
  agentId: 'a',
  at: start,
  outcome: 'up',
  latencyMs: 12.5,
  reason: null,
  ...more,
})

/** What every store does with the record of health checks; see agents.ts. */
export function healthContract(openStore: OpenStore): void {
  describe('checks', () => {
    test('are kept as they were, and the last of them come oldest first', async () => {
      const { health } = await openStore()
      const checks = Array.from({ length: 40 }, (_, index) => check({ at: start + index * 10_000 }))
      const failed = check({ at: start + 400_000, outcome: 'down', latencyMs: null, reason: 'connection refused' })
      await health.record([...checks, failed, check({ agentId: 'b' })])
      expect(await checksOf(health, 'a', 30)).toEqual([...checks, failed].slice(-30))
      expect(await checksOf(health, 'b', 30)).toEqual([check({ agentId: 'b' })])
      expect(await checksOf(health, 'nobody', 30)).toEqual([])
    })

    test('count once, however often they are given', async () => {
      const { health } = await openStore()
      await health.record([check(), check()])
      await health.record([check()])
      expect(await health.rollups('a', 'day', 0)).toMatchObject([{ up: 1 }])
    })

    test.each(Object.entries(hostileTexts))('have a reason with %s', async (_, text) => {
      const { health } = await openStore()
      await health.record([check({ outcome: 'down', reason: text }), check({ at: start + 1 })])
      const [failed, next] = await checksOf(health, 'a', 2)
      expect(failed).toEqual(check({ outcome: 'down', reason: asKept(text, failed!.reason!) }))
      expect(next).toEqual(check({ at: start + 1 }))
    })
  })

  test('the rollups of a minute, an hour and a day are those of the checks in them', async () => {
    const one = fc.record({
      at: fc.integer({ min: start, max: start + 2 * dayMs }),
      outcome: fc.constantFrom('up' as const, 'degraded' as const, 'busy' as const, 'down' as const),
      latencyMs: fc.option(fc.integer({ min: 0, max: 3000 })),
    })
    const all = fc.uniqueArray(one, { selector: ({ at }) => at, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(all, fc.integer({ min: 1, max: 7 }), async (found, batch) => {
        const { health } = await openStore()
        const checks = found.map((more) => check(more))
        for (let from = 0; from < checks.length; from += batch) await health.record(checks.slice(from, from + batch))
        for (const resolution of resolutions) {
          expect(await health.rollups('a', resolution, 0)).toEqual(rolledUp(checks, lengths[resolution]))
        }
      }),
      { numRuns: endurance(10, 200) },
    )
  })

  test('the worst outcome within every two minutes is that of the checks in them', async () => {
    const { health } = await openStore()
    const minutes = (number: number) => start + number * minuteMs
    const found = [
      check({ at: minutes(0), outcome: 'down' }),
      check({ at: minutes(1) }),
      check({ at: minutes(2), outcome: 'busy' }),
      check({ at: minutes(3), outcome: 'degraded' }),
      check({ at: minutes(7), outcome: 'busy' }),
      check({ at: minutes(8) }),
      check({ at: minutes(9), outcome: 'degraded' }),
      check({ at: minutes(9) + 1, outcome: 'down' }),
    ]
    await health.record([...found, check({ agentId: 'b', at: minutes(5) })])
    const lengthMs = 2 * minuteMs
    const from = minutes(1) - (minutes(1) % lengthMs)
    const worst = [
      { at: from, outcome: 'busy' },
      { at: from + lengthMs, outcome: 'degraded' },
      { at: from + 3 * lengthMs, outcome: 'busy' },
      { at: from + 4 * lengthMs, outcome: 'down' },
    ]
    expect(await worstOf(health, 'a', lengthMs, from)).toEqual(worst)
    expect(await worstOf(health, 'a', lengthMs, from + 1)).toEqual(worst.slice(1))
    expect(await worstOf(health, 'nobody', lengthMs, 0)).toEqual([])
  })

  test('the past of an agent is of one moment, whatever is recorded meanwhile', async () => {
    const { health } = await openStore()
    const range = { maxChecks: 1000, slotMs: minuteMs, slotsFrom: 0, hoursFrom: 0 }
    for (let round = 0; round < 20; round++) {
      const at = start + 10 * round * minuteMs
      const recorded = Array.from({ length: 5 }, (_, index) => health.record([check({ at: at + index * minuteMs })]))
      const pasts = await Promise.all(Array.from({ length: 5 }, () => health.past('a', range)))
      await Promise.all(recorded)
      for (const { checks, slots, hours } of pasts) {
        expect(slots).toHaveLength(checks.length)
        expect(hours.reduce((sum, { up }) => sum + up, 0)).toBe(checks.length)
      }
    }
  })

  test('a moment may be between two milliseconds', async () => {
    const { health, audit } = await openStore()
    await health.record([check(), check({ at: start + 1 })])
    expect(await worstOf(health, 'a', minuteMs, start - minuteMs + 0.5)).toHaveLength(1)
    const range = { begunFrom: start - 0.5, from: start - 0.5, to: start + 0.5, lostUntil: start + 0.5 }
    expect(await health.failedRuns('a', range, 1)).toEqual({ runs: [], all: 0 })
    await health.prune('a', start + 0.5)
    await health.forget('a', start + 0.5)
    expect(await checksOf(health, 'a', 9)).toEqual([check({ at: start + 1 })])
    expect(await audit.prune(start + 0.5)).toBe(false)
  })

  test('rollups are read from a moment on', async () => {
    const { health } = await openStore()
    await health.record([check({ at: start - hourMs }), check()])
    const begun = start - (start % minuteMs)
    expect(await health.rollups('a', 'minute', begun)).toMatchObject([{ at: begun }])
    expect(await health.rollups('a', 'minute', begun + 1)).toEqual([])
    expect(await health.rollups('b', 'minute', 0)).toEqual([])
  })

  test('checks and minutes are kept a day, hours 30 days, days and incidents a year', async () => {
    const { health } = await openStore()
    // The two around one day are of the same calendar day.
    const ages = [0, 0.9, 1.1, 29, 31, 364, 366]
    await health.record(ages.map((days) => check({ at: start - days * dayMs })))
    for (const days of [366, 300]) {
      await health.beginIncident('a', start - days * dayMs - 1, 'connection refused')
      await health.endIncidents('a', start - days * dayMs)
    }
    await health.prune('a', start)
    expect((await checksOf(health, 'a', 100)).map(({ at }) => (start - at) / dayMs)).toEqual([0.9, 0])
    const kept = await Promise.all(resolutions.map(async (one) => (await health.rollups('a', one, 0)).length))
    expect(kept).toEqual([2, 4, 5])
    expect(await health.incidents('a', 10)).toMatchObject([{ endedAt: start - 300 * dayMs }])
  })

  describe('incidents', () => {
    test('begin, and end, and the newest come first', async () => {
      const { health } = await openStore()
      await health.beginIncident('a', start, 'connection refused')
      const first = { startedAt: start, endedAt: undefined, reason: 'connection refused' }
      expect(await incidentOf(health, 'a')).toEqual(first)
      await health.endIncidents('a', start + minuteMs)
      expect(await incidentOf(health, 'a')).toBeUndefined()
      await health.beginIncident('a', start + 2 * minuteMs, 'no answer within 3 s')
      const second = { startedAt: start + 2 * minuteMs, endedAt: undefined, reason: 'no answer within 3 s' }
      expect(await health.incidents('a', 10)).toEqual([second, { ...first, endedAt: start + minuteMs }])
      expect(await health.incidents('a', 1)).toEqual([second])
      expect(await health.incidents('b', 10)).toEqual([])
    })

    test.each(Object.entries(hostileTexts))('have a reason with %s', async (_, text) => {
      const { health } = await openStore()
      await health.beginIncident('a', start, text)
      const incident = await incidentOf(health, 'a')
      expect(incident).toEqual({ startedAt: start, endedAt: undefined, reason: asKept(text, incident!.reason) })
    })
  })

  test('an agent is forgotten as it was until then, also where that is much, and no other agent', async () => {
    const { health } = await openStore()
    await health.record(Array.from({ length: 1300 }, (_, index) => check({ at: start + index })))
    await health.record([check({ agentId: 'b' }), check({ at: start + dayMs })])
    await health.beginIncident('a', start, 'connection refused')
    await health.forget('a', start + minuteMs)
    expect(await checksOf(health, 'a', 10)).toEqual([check({ at: start + dayMs })])
    expect(await health.incidents('a', 10)).toEqual([])
    expect(await checksOf(health, 'b', 10)).toHaveLength(1)
  })

  test('all of it is silent: who keeps what was read hears of no check', async () => {
    const store = await openStore()
    const before = store.revision()
    await store.health.record([check()])
    await store.health.beginIncident('a', start, 'connection refused')
    await store.health.endIncidents('a', start)
    await store.health.prune('a', start)
    await store.health.forget('a', start)
    expect(store.revision()).toBe(before)
  })
}

function rolledUp(checks: RecordedCheck[], lengthMs: number): Rollup[] {
  return [...Map.groupBy(checks, ({ at }) => at - (at % lengthMs))]
    .sort(([one], [other]) => one - other)
    .map(([at, members]) => {
      const latencies = members.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
      return {
        at,
        up: members.filter(({ outcome }) => outcome === 'up' || outcome === 'degraded').length,
        degraded: members.filter(({ outcome }) => outcome === 'degraded').length,
        down: members.filter(({ outcome }) => outcome === 'down').length,
        answered: latencies.length,
        latencySum: latencies.reduce((sum, ms) => sum + ms, 0),
        latencyMin: latencies.length === 0 ? null : Math.min(...latencies),
        latencyMax: latencies.length === 0 ? null : Math.max(...latencies),
      }
    })
}
