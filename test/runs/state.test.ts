import { describe, expect, test } from 'vitest'
import { applyEvent, type RunEvent } from '../../src/orchestrator/runs/state.ts'
import { hasEnded } from '../../src/shared/run-status.ts'

const startedAt = Date.UTC(2026, 10, 22)
const now = startedAt + 41_500
const moment = { at: now, sinceStartMs: 41_500, durationMs: 41_500 }
const result = { outputs: '{"a":1}', totalTokens: 7, totalCostUsd: 0.5 }

const events: RunEvent[] = [
  { kind: 'sent', attempt: 2, url: 'http://there' },
  { kind: 'unsent', attempt: 1 },
  { kind: 'job', attempt: 1, jobId: 'job-1' },
  { kind: 'completed', attempt: 1, result },
  { kind: 'failed', attempt: 1, message: 'No budget left' },
  { kind: 'lost', attempt: 1, message: 'The agent was restarted' },
  { kind: 'cancelled', message: 'You stopped waiting' },
]

const states = {
  pending: { status: 'pending', attempt: 1, startedAt, jobId: null },
  running: { status: 'running', attempt: 1, startedAt, jobId: null },
  'running a job': { status: 'running', attempt: 1, startedAt, jobId: 'job-0' },
}

const changeOf = (state: (typeof states)[keyof typeof states], event: RunEvent) =>
  applyEvent(state, event, moment)?.change
const end = { completedAt: now, durationSeconds: 41.5 }

describe.each([
  [
    'pending',
    {
      sent: { status: 'running', attempt: 2, sentAt: now, agentUrl: 'http://there' },
      unsent: undefined,
      job: undefined,
      completed: undefined,
    },
  ],
  [
    'running',
    {
      sent: undefined,
      unsent: { status: 'pending' },
      job: { jobId: 'job-1' },
      completed: { status: 'completed', ...end, ...result },
    },
  ],
  [
    'running a job',
    { sent: undefined, unsent: undefined, job: undefined, completed: { status: 'completed', ...end, ...result } },
  ],
] as const)('a run that is %s', (name, expected) => {
  const all: Record<string, object | undefined> = {
    ...expected,
    failed: { status: 'failed', ...end, error: 'No budget left' },
    lost: { status: 'lost', ...end, error: 'The agent was restarted' },
    cancelled: { status: 'cancelled', ...end, error: 'You stopped waiting' },
  }

  test.each(events)('and hears $kind', (event) => {
    expect(changeOf(states[name], event)).toEqual(all[event.kind])
  })
})

test.each(['completed', 'failed', 'cancelled', 'lost', 'paused', ''])(
  'a run that is %s has ended: nothing changes it',
  (status) => {
    expect(hasEnded(status)).toBe(true)
    for (const event of events) expect(applyEvent({ ...states.running, status }, event, moment)).toBeUndefined()
  },
)

test('an event of an older or a later attempt changes nothing', () => {
  for (const event of events.filter((one) => 'attempt' in one)) {
    for (const attempt of [0, 3]) {
      for (const state of Object.values(states))
        expect(applyEvent(state, { ...event, attempt }, moment)).toBeUndefined()
    }
  }
})

test('a run of the Python program has no attempts yet', () => {
  const run = { ...states.pending, attempt: null }
  expect(changeOf(run as never, { kind: 'sent', attempt: 1, url: 'http://there' })).toMatchObject({
    status: 'running',
    attempt: 1,
  })
})

test('a clock that was set forward or back changes no duration, and ends no run before it began', () => {
  const lost: RunEvent = { kind: 'lost', attempt: 1, message: 'x' }
  const after = (at: number) => applyEvent(states.running, lost, { at, sinceStartMs: 4000, durationMs: 3000.4 })
  expect(after(startedAt + 90_000_000)).toMatchObject({
    event: { at: startedAt + 4000 },
    change: { durationSeconds: 3, completedAt: startedAt + 90_000_000 },
  })
  expect(after(startedAt - 90_000_000)).toMatchObject({
    event: { at: startedAt + 4000 },
    change: { durationSeconds: 3, completedAt: startedAt },
  })
})

test('a job may be asked for elsewhere, and says so once', () => {
  const moved: RunEvent = { kind: 'moved', attempt: 1, url: 'http://there' }
  const job = { ...states['running a job'], agentUrl: 'http://here' }
  expect(applyEvent(job, moved, moment)).toMatchObject({
    event: { kind: 'moved' },
    change: { agentUrl: 'http://there' },
  })
  for (const other of [{ ...job, agentUrl: 'http://there' }, states.running, states.pending]) {
    expect(applyEvent(other, moved, moment)).toBeUndefined()
  }
})

test('each change says what happened, in which attempt, and when', () => {
  expect(applyEvent(states.pending, events[0]!, moment)).toMatchObject({ event: { kind: 'sent', attempt: 2, at: now } })
  expect(applyEvent(states.running, events[2]!, moment)).toMatchObject({ event: { kind: 'job', attempt: 1, at: now } })
})
