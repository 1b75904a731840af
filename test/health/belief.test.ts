import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Belief,
  believe,
  isFlapping,
  isInDoubt,
  type Sign,
  unknownSince,
} from '../../src/orchestrator/health/belief.ts'

const good: Sign = { outcome: 'up' }
const poor: Sign = { outcome: 'degraded', reason: 'reports "warn"' }
const bad: Sign = { outcome: 'down', reason: 'connection refused' }
const busy: Sign = { outcome: 'busy', reason: 'no answer within 3 s' }

/** What is believed after signs that come ten seconds apart; the first at 0. */
function after(signs: Sign[], from = unknownSince(0)): Belief {
  return signs.reduce((belief, sign, index) => believe(belief, sign, index * 10_000, index * 10_000), from)
}
const verdicts = (signs: Sign[]) => signs.map((_, index) => after(signs.slice(0, index + 1)).verdict)

test('an agent that was never checked is unknown, and its first good answer counts at once', () => {
  expect(unknownSince(0).verdict).toBe('unknown')
  expect(after([good])).toMatchObject({ verdict: 'healthy', since: 0, lastGoodAt: 0 })
  expect(after([bad, bad, good])).toMatchObject({ verdict: 'healthy', since: 20_000, failures: 0 })
  expect(after([poor])).toMatchObject({ verdict: 'degraded', reason: 'reports "warn"' })
})

test('it is down exactly at the third failure in a row, since the first of them', () => {
  expect(verdicts([good, bad, bad, bad, bad])).toEqual(['healthy', 'healthy', 'healthy', 'down', 'down'])
  expect(after([good, bad, bad])).toMatchObject({ verdict: 'healthy', failures: 2, lastFailure: 'connection refused' })
  expect(after([good, bad, bad, bad])).toMatchObject({
    verdict: 'down',
    since: 10_000,
    lastGoodAt: 0,
    reason: 'connection refused',
  })
  expect(verdicts([bad, bad, bad])).toEqual(['unknown', 'unknown', 'down'])
})

test('it is up again after two good answers in a row', () => {
  const down = [good, bad, bad, bad]
  expect(verdicts([...down, good, good]).slice(-2)).toEqual(['down', 'healthy'])
  expect(verdicts([...down, good, bad, good, bad, good]).slice(-5)).toEqual(Array(5).fill('down'))
  expect(after([...down, good, good])).toMatchObject({ since: 50_000, reason: undefined })
  expect(verdicts([...down, poor, poor]).at(-1)).toBe('degraded')
})

test('degraded begins and ends with two answers that say so', () => {
  expect(verdicts([good, poor, good, poor, poor, good, good])).toEqual([
    'healthy',
    'healthy',
    'healthy',
    'healthy',
    'degraded',
    'degraded',
    'healthy',
  ])
})

test('answers that alternate change the state at most once', () => {
  const signs = fc.constantFrom(good, poor, bad)
  fc.assert(
    fc.property(signs, signs, fc.integer({ min: 2, max: 60 }), (one, other, length) => {
      fc.pre(one !== other)
      const seen = verdicts(Array.from({ length }, (_, index) => (index % 2 === 0 ? one : other)))
      const changes = seen.filter((verdict, index) => index > 0 && verdict !== seen[index - 1])
      expect(changes.length).toBeLessThanOrEqual(1)
    }),
  )
})

test('an agent that drops one check in three is never down', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 }), (offset) => {
      const drops = Array.from({ length: 300 }, (_, index) => (index % 3 === offset ? bad : good))
      expect(verdicts([good, ...drops])).not.toContain('down')
    }),
  )
})

test('being busy is no failure, forgives none, and ends with any other sign', () => {
  expect(after([good, busy])).toMatchObject({ verdict: 'healthy', isBusy: true, failures: 0 })
  expect(verdicts([good, busy, busy, busy, busy, busy])).not.toContain('down')
  expect(verdicts([good, bad, busy, bad, busy, bad]).at(-1)).toBe('down')
  expect(after([good, busy, good]).isBusy).toBe(false)
  expect(after([good, busy, bad])).toMatchObject({ isBusy: false, failures: 1 })
  expect(after([bad, bad, bad, busy]).verdict).toBe('down')
})

test('what contradicts the verdict is looked at again soon', () => {
  const isDoubted = (signs: Sign[]) => isInDoubt(after(signs))
  expect(isDoubted([good])).toBe(false)
  expect(isDoubted([good, bad])).toBe(true)
  expect(isDoubted([good, bad, bad])).toBe(true)
  expect(isDoubted([good, bad, bad, bad])).toBe(false)
  expect(isDoubted([good, bad, bad, bad, bad])).toBe(false)
  expect(isDoubted([bad, bad, bad, good])).toBe(true)
  expect(isDoubted([bad, bad, bad, good, good])).toBe(false)
  expect(isDoubted([good, poor])).toBe(true)
  expect(isDoubted([good, busy])).toBe(false)
})

test('five changes within ten minutes are flapping, and ten minutes of quiet end it', () => {
  const down = [bad, bad, bad]
  const up = [good, good]
  const four = after([good, ...down, ...up, ...down, ...up])
  expect(isFlapping(four, 100_000)).toBe(false)
  const five = after([good, ...down, ...up, ...down, ...up, ...down])
  expect(isFlapping(five, 130_000)).toBe(true)
  expect(isFlapping(five, 30_000 + 600_000 - 1)).toBe(true)
  expect(isFlapping(five, 30_000 + 600_000)).toBe(false)
})

test('whatever comes, it is never down without three failures in a row, nor up again without two good answers', () => {
  const signs = fc.array(fc.constantFrom(good, poor, bad, busy), { maxLength: 80 })
  fc.assert(
    fc.property(signs, (all) => {
      const seen = ['unknown', ...verdicts(all)]
      for (const [index, verdict] of seen.entries()) {
        if (index === 0 || verdict === seen[index - 1]) continue
        const past = all.slice(0, index).filter((one) => one !== busy)
        if (verdict === 'down') expect(past.slice(-3)).toEqual([bad, bad, bad])
        else if (seen[index - 1] === 'down') expect(past.slice(-2)).not.toContain(bad)
      }
    }),
  )
})

test('after a restart it is degraded since the record says so, and for other verdicts since now', () => {
  const from = { ...unknownSince(0), degradedSince: -600_000 }
  expect(after([poor], from).since).toBe(-600_000)
  expect(after([good], from).since).toBe(0)
  expect(after([good, poor, poor], from)).toMatchObject({ verdict: 'degraded', since: 20_000 })
  expect(after([bad, bad, bad], from)).toMatchObject({ verdict: 'down', since: 0 })
})
