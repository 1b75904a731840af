import { expect, test } from 'vitest'
import { createBackgroundLoop, type StepResult } from '../../src/orchestrator/background.ts'
import { StoreBusyError } from '../../src/shared/errors.ts'
import { createTestClock, settle } from '../support/clock.ts'

type Step = () => StepResult | Promise<StepResult>

/** A loop over these steps; the last one is repeated. `seen` is what happened, with the time since the start. */
function createLoop(...steps: [Step, ...Step[]]) {
  const clock = createTestClock()
  const began = clock.elapsed()
  const seen: string[] = []
  const note = (what: string) => seen.push(`${clock.elapsed() - began} ${what}`)
  const loop = createBackgroundLoop({
    clock,
    async step() {
      note('step')
      const [step] = steps.length > 1 ? steps.splice(0, 1) : steps
      return step!()
    },
    announce: async () => note('announce'),
    onError: (error) => note(String(error)),
    pace: { busyMs: 200, retryMs: 5000, announceEveryMs: 1000 },
  })
  return { loop, clock, seen }
}

const resting = (ms: number | undefined) => () => ({ restMs: ms })

test('steps, rests, and steps again', async () => {
  const { loop, clock, seen } = createLoop(resting(10), resting(300))
  loop.start()
  await clock.advance(700)
  expect(seen).toEqual(['0 step', '10 step', '310 step', '610 step'])
})

test('begins later where that is asked for', async () => {
  const { loop, clock, seen } = createLoop(resting(undefined))
  loop.start(60)
  await clock.advance(100)
  expect(seen).toEqual(['60 step'])
})

test('without a rest it waits until it is woken; one that rests is woken early', async () => {
  const { loop, clock, seen } = createLoop(resting(undefined), resting(500))
  loop.wake()
  await clock.advance(10_000)
  loop.wake()
  await clock.advance(100)
  loop.wake()
  await clock.advance(499)
  expect(seen).toEqual(['0 step', '10000 step', '10100 step'])
  await clock.advance(1)
  expect(seen).toHaveLength(4)
})

test('woken during a step it takes another one, and one alone', async () => {
  let finish = (_: StepResult) => {}
  const { loop, seen, clock } = createLoop(() => new Promise((resolve) => (finish = resolve)), resting(undefined))
  loop.start()
  loop.wake()
  loop.wake()
  expect(seen).toEqual(['0 step'])
  finish({ restMs: undefined })
  await clock.advance(1000)
  expect(seen).toEqual(['0 step', '0 step'])
})

test('reports an error and tries again; that another program is writing is no error', async () => {
  const failing = (error: Error) => () => {
    throw error
  }
  const { loop, clock, seen } = createLoop(
    failing(new StoreBusyError()),
    failing(new Error('broken')),
    resting(undefined),
  )
  loop.start()
  await clock.advance(10_000)
  expect(seen).toEqual(['0 step', '200 step', '200 Error: broken', '5200 step'])
})

test('announces news at once, then now and then, and when it is complete', async () => {
  const { loop, clock, seen } = createLoop(
    () => ({ restMs: 100, hasNews: true }),
    () => ({ restMs: 100, hasNews: true }),
    () => ({ restMs: 100, isComplete: true }),
    () => ({ restMs: 100, isComplete: true }),
    () => ({ restMs: 800, hasNews: true }),
    () => ({ restMs: undefined }),
  )
  loop.start()
  await clock.advance(5000)
  expect(seen.filter((one) => one.endsWith('announce'))).toEqual(['0 announce', '200 announce', '1200 announce'])
})

test('ends after the step that is running, and takes none after that', async () => {
  let finish = (_: StepResult) => {}
  const { loop, clock, seen } = createLoop(() => new Promise((resolve) => (finish = resolve)))
  loop.start()
  let isOver = false
  const stopped = loop.stop().then(() => {
    isOver = true
  })
  loop.wake()
  await settle()
  expect(isOver).toBe(false)
  finish({ restMs: 0 })
  await stopped
  loop.wake()
  await clock.advance(10_000)
  expect(seen).toEqual(['0 step'])
  expect(clock.timers()).toBe(0)
})

test('stopped while it waits to be ready it takes no step', async () => {
  let isReady = () => {}
  let steps = 0
  const loop = createBackgroundLoop({
    clock: createTestClock(),
    ready: () => new Promise<void>((resolve) => (isReady = resolve)),
    step: async () => ({ restMs: steps++ }),
    onError: () => {},
    pace: { busyMs: 1, retryMs: 1 },
  })
  loop.start()
  const stopped = loop.stop()
  isReady()
  await stopped
  expect(steps).toBe(0)
})
