import { expect, test } from 'vitest'
import type { FailureKind } from '../../src/agent/http/failure.ts'
import { createJobDoubt, type JobReply } from '../../src/orchestrator/runs/jobs/doubt.ts'

const second = 1000
const minute = 60 * second
const notHere: JobReply = { kind: 'not-here', reason: 'HTTP 404' }
const notFound: JobReply = { kind: 'not-found', reason: 'HTTP 404 Not Found' }
const working: JobReply = { kind: 'working', word: 'running' }
const unclear: JobReply = { kind: 'unclear', reason: 'HTTP 502' }
const failed = (failure: FailureKind): JobReply => ({ kind: 'no-answer', failure, reason: failure })

/** Asks every so often, and says after how long the run was lost, if it was, within a day. */
function lostAfter(everyMs: number, answers: (number: number) => JobReply): number | undefined {
  let now = 5000
  const doubt = createJobDoubt(() => now)
  for (let number = 0; number * everyMs < 24 * 60 * minute; number++) {
    if (doubt.lostReason(answers(number)) !== undefined) return number * everyMs
    now += everyMs
  }
  return undefined
}

test('an agent that does not know the job has a minute to find it', () => {
  expect(lostAfter(second, () => notHere)).toBe(minute)
  expect(lostAfter(10 * second, () => notHere)).toBe(minute)
})

test('however rarely it wants to be asked, it is asked three times', () => {
  expect(lostAfter(5 * minute, () => notHere)).toBe(10 * minute)
})

test.each([
  ['knows it now and then', (number: number) => (number % 50 === 49 ? working : notHere)],
  ['is out of order', () => unclear],
  ['is silent', () => failed('refused')],
  ['is slow', () => failed('timeout')],
])('an agent that %s keeps its job', (_, answers) => {
  expect(lostAfter(second, answers)).toBeUndefined()
})

test.each<[string, () => JobReply]>([
  ['404 by something else', () => notFound],
  ['401', () => ({ kind: 'credential', reason: 'HTTP 401' })],
  ['a redirect', () => failed('redirect')],
  ['a compressed answer', () => failed('encoded')],
  ['another alphabet', () => failed('charset')],
])('ten minutes of %s lose it', (_, answers) => {
  expect(lostAfter(second, answers)).toBe(10 * minute)
})

test('404s of the agent between those of a proxy count from the first on', () => {
  expect(lostAfter(second, (number) => (number % 2 ? notHere : notFound))).toBe(10 * minute)
})

test('nor does a server that is out of order in between make them count anew', () => {
  expect(lostAfter(second, (number) => (number % 2 ? unclear : notHere))).toBe(10 * minute)
})

test('silence between two such answers changes nothing, and another answer begins anew', () => {
  expect(lostAfter(second, (number) => (number % 3 === 1 ? failed('refused') : notHere))).toBe(minute)
  expect(lostAfter(second, (number) => (number === 58 ? unclear : notHere))).toBe(59 * second + minute)
})

test('after an answer that it does not know the job it is asked every second, for a minute', () => {
  let now = 0
  const doubt = createJobDoubt(() => now)
  expect(doubt.isUrgent()).toBe(false)
  doubt.lostReason(notHere)
  expect(doubt.isUrgent()).toBe(true)
  doubt.lostReason(failed('refused'))
  now = minute - 1
  expect(doubt.isUrgent()).toBe(true)
  now = minute
  expect(doubt.isUrgent()).toBe(false)
  doubt.lostReason(working)
  doubt.lostReason(notHere)
  expect(doubt.isUrgent()).toBe(true)
  doubt.lostReason(working)
  expect(doubt.isUrgent()).toBe(false)
})
