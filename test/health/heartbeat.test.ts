import { expect, test } from 'vitest'
import type { Check } from '../../src/orchestrator/health/shown.ts'
import { presentHeartbeat } from '../../src/web/health/heartbeat.ts'

const start = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

function check(index: number, outcome: Check['outcome'] = 'up', reason: string | null = null): Check {
  const isAnswered = outcome === 'up' || outcome === 'degraded'
  return { at: start + index * 10_000, outcome, latencyMs: isAnswered ? 38 + index : null, reason }
}

const up = (checks: number) => Array.from({ length: checks }, (_, index) => check(index))
const slotsOf = (paths: { tone: string; d: string }[], tone: string) =>
  [...(paths.find((path) => path.tone === tone)?.d ?? '').matchAll(/M(\d+) 2/g)].map(([, x]) => (Number(x) - 2) / 5)

test('of an agent that was never checked all thirty places are empty', () => {
  const { paths, label, data } = presentHeartbeat([])
  expect(paths.map(({ tone }) => tone)).toEqual(['none'])
  expect(slotsOf(paths, 'none')).toEqual(Array.from({ length: 30 }, (_, slot) => slot))
  expect([label, data]).toEqual(['Not checked yet', ''])
})

test('the newest check is on the right', () => {
  const { paths, label, data } = presentHeartbeat(up(1))
  expect(slotsOf(paths, 'good')).toEqual([29])
  expect(slotsOf(paths, 'none')).toHaveLength(29)
  expect(label).toBe('The only check so far: 1 good. Newest: good, 38 ms')
  expect(data).toBe('1795364070u38')
})

test('thirty checks are one path for each tone, and no place is empty', () => {
  const checks = up(30).map((one, index) => (index === 12 ? check(12, 'down', 'connection refused') : one))
  const { paths, label, data } = presentHeartbeat(checks)
  expect(paths.map(({ tone }) => tone)).toEqual(['good', 'bad'])
  expect(slotsOf(paths, 'bad')).toEqual([12])
  expect(label).toBe('Last 30 checks: 29 good, 1 failed. Newest: good, 67 ms')
  expect(data.split(' ').slice(11, 14)).toEqual(['10u49', '10d:Connection%20refused', '10u51'])
  expect(presentHeartbeat(up(31)).paths).toHaveLength(1)
})

test('each outcome has a shape of its own', () => {
  const outcomes = ['up', 'degraded', 'busy', 'down'] as const
  const { paths } = presentHeartbeat(outcomes.map((outcome, index) => check(index, outcome)))
  const shapes = paths.filter(({ tone }) => tone !== 'none').map(({ d }) => d.replace(/^M\d+ 2/, ''))
  expect(new Set(shapes).size).toBe(4)
  expect(paths.map(({ tone }) => tone)).toEqual(['none', 'good', 'waiting', 'working', 'bad'])
})

test('a reason that was said before is not said again, and one that is no text does no harm', () => {
  const checks = [
    check(0, 'down', 'no answer within 3 s'),
    check(1, 'down', 'no answer within 3 s'),
    check(2),
    check(3, 'down', 'no answer within 3 s'),
    check(4, 'degraded', 'reports "\ud800 : <b>"'),
  ]
  const { data, label } = presentHeartbeat(checks)
  expect(data).toBe(
    '1795364070d:No%20answer%20within%203%20s 10d: 10u40 10d: 10g42:Reports%20%22%EF%BF%BD%20%3A%20%3Cb%3E%22',
  )
  expect(label).toBe('Last 5 checks: 1 good, 1 degraded, 3 failed. Newest: degraded, reports "\ud800 : <b>"')
})
