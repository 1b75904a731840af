import { expect, test } from 'vitest'
import type { JobAnswer, RunAnswer } from '../../src/agent/protocol.ts'
import { createAgentWork } from '../../src/orchestrator/health/work.ts'
import { targetAt } from '../support/network/transport.ts'

const url = 'http://localhost/writer'
const minutes = 60_000
const working: JobAnswer = { kind: 'working', word: 'running' }
const ended: JobAnswer = { kind: 'completed', outputs: null, totalTokens: null, totalCostUsd: null }
const silent: JobAnswer = { kind: 'not-here', reason: 'HTTP 404' }

function watched() {
  let now = 0
  const answers: ((answer: RunAnswer | Error) => void)[] = []
  let job: JobAnswer | Error = working
  const work = createAgentWork(
    {
      plain: {
        run: () =>
          new Promise((resolve, reject) => answers.push((one) => (one instanceof Error ? reject(one) : resolve(one)))),
        follow: () => (job instanceof Error ? Promise.reject(job) : Promise.resolve(job)),
      },
    },
    () => now,
  )
  const signal = new AbortController().signal
  return {
    send: () =>
      work.protocols.plain
        .run(targetAt(url), { id: 'run', inputs: '{}', deadlineMs: 1, signal })
        .catch(() => undefined),
    answers,
    ask: (answer: JobAnswer | Error, jobId = 'job') => {
      job = answer
      return work.protocols.plain.follow(targetAt(url), jobId, { deadlineMs: 1, signal }).catch(() => undefined)
    },
    pass: (ms: number) => {
      now += ms
    },
    isWorking: () => work.isWorking(url),
    isElsewhere: () => work.isWorking('http://localhost/other'),
  }
}

test('an agent works for as long as a call is in flight, however that ends', async () => {
  const { send, answers, pass, isWorking, isElsewhere } = watched()
  expect(isWorking()).toBe(false)
  const calls = [send(), send()]
  pass(20 * minutes)
  expect([isWorking(), isElsewhere()]).toEqual([true, false])
  answers[0]!({ kind: 'failed', message: 'No', fields: [] })
  await calls[0]
  expect(isWorking()).toBe(true)
  answers[1]!(new Error('reset'))
  await calls[1]
  expect(isWorking()).toBe(false)
})

test('a job counts for three minutes after its last usable answer', async () => {
  const { send, answers, ask, pass, isWorking } = watched()
  const call = send()
  answers[0]!({ kind: 'accepted', jobId: 'job' })
  await call
  pass(2 * minutes)
  await ask(working)
  pass(2 * minutes)
  for (const answer of [silent, new Error('timeout')]) await ask(answer)
  expect(isWorking()).toBe(true)
  pass(minutes - 1)
  expect(isWorking()).toBe(true)
  pass(1)
  expect(isWorking()).toBe(false)
  await ask(working)
  expect(isWorking()).toBe(true)
})

test.each<JobAnswer>([ended, { kind: 'failed', message: 'No' }, { kind: 'gone', reason: 'HTTP 410' }])(
  'a job that is over ($kind) keeps nobody busy, and the others do',
  async (answer) => {
    const { ask, isWorking } = watched()
    await ask(working, 'one')
    await ask(working, 'two')
    await ask(answer, 'one')
    expect(isWorking()).toBe(true)
    await ask(answer, 'two')
    expect(isWorking()).toBe(false)
  },
)
