import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEvent, type RunEvent } from '../../src/orchestrator/runs/state.ts'
import { hasEnded } from '../../src/shared/run-status.ts'
import { jobAnswers, runEndings } from '../support/agents/fake-protocol.ts'
import { settle } from '../support/clock.ts'
import { endurance } from '../support/endurance.ts'
import { createRunWorld, inAll, perAgent, type RunWorld } from '../support/runs/run-world.ts'
import { openTestStore } from '../support/store/store.ts'

const interleavings = endurance(300, 5000)

const pick = fc.nat(1000)
const what = {
  accept: fc.record({ agent: fc.nat(2), key: fc.option(fc.nat(1), { nil: undefined, freq: 4 }), password: fc.nat(7) }),
  answer: fc.record({ which: pick, run: fc.constantFrom(...runEndings), job: fc.constantFrom(...jobAnswers) }),
  deafen: fc.record({ which: pick }),
  cancel: fc.record({ which: pick }),
  time: fc.record({ ms: fc.constantFrom(1, 1000, 1100, 4000, 12_000) }),
  kill: fc.record({}),
  stop: fc.record({}),
  fill: fc.record({ isFull: fc.boolean() }),
  move: fc.record({ agent: fc.nat(2) }),
}
type What = { [Name in keyof typeof what]: (typeof what)[Name] extends fc.Arbitrary<infer Given> ? Given : never }
type Happening = { [Name in keyof What]: { name: Name } & What[Name] }[keyof What]

const weights: Record<keyof What, number> = {
  accept: 6,
  answer: 10,
  deafen: 1,
  cancel: 2,
  time: 6,
  kill: 1,
  stop: 1,
  fill: 2,
  move: 1,
}
const happening = fc.oneof(
  ...Object.entries(what).map(([name, given]) => ({
    weight: weights[name as keyof What],
    arbitrary: (given as fc.Arbitrary<object>).map((values) => ({ name, ...values }) as Happening),
  })),
)
const oneOf = <T>(list: T[], index: number): T | undefined => list[index % list.length]

async function happen(world: RunWorld, given: Happening): Promise<void> {
  switch (given.name) {
    case 'accept':
      return world.accept({ agent: given.agent, key: given.key, isWithheld: given.password === 0 })
    case 'answer':
      return world.answer(oneOf(world.calls(), given.which), given)
    case 'deafen':
      return world.deafen(oneOf(world.calls(), given.which))
    case 'cancel':
      return world.cancel(oneOf(world.runIds(), given.which))
    case 'time':
      return world.clock.advance(given.ms)
    case 'kill':
      return world.kill()
    case 'stop':
      return world.stop()
    case 'fill':
      return world.fill(given.isFull)
    case 'move':
      return world.move(given.agent)
  }
}

/** How far everything gets before the next thing happens: not at all, or through one or two commits. */
const rounds = fc.nat(3)
const story = fc.array(fc.tuple(happening, rounds), { minLength: 5, maxLength: 30, size: 'max' })

/** pending → running → completed | failed | cancelled | lost, and back to pending only when nothing was sent. */
const sentence = /^accepted (sent unsent )*(sent (job (moved )*)?)?(completed|failed|cancelled|lost)$/

test(`in ${interleavings} random interleavings every run goes its way once, and ends`, {
  timeout: 30_000 + interleavings * 60,
}, async () => {
  const { store } = openTestStore()
  // Killed is only this program, not the computer.
  store.db.run(sql`PRAGMA synchronous = OFF`)
  let number = 0
  const ends: Record<string, number> = {}

  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      store.db.run(sql`DELETE FROM workflow_runs`)
      const world = createRunWorld(store, number++)
      const ended = new Map<string, string>()
      for (const [given, roundsAfter] of steps) {
        await happen(world, given)
        for (let round = 0; round < roundsAfter; round++) await new Promise((resolve) => setImmediate(resolve))
        expectRules(world, ended)
      }
      await letEnd(world)
      expectRules(world, ended)
      for (const id of world.runIds()) expectHistory(world, id)
      for (const id of world.runIds()) ends[world.row(id)!.status] = (ends[world.row(id)!.status] ?? 0) + 1
    }),
    { numRuns: interleavings },
  )
  // The stories have to reach every end, or they show nothing.
  for (const status of ['completed', 'failed', 'cancelled', 'lost'])
    expect(ends[status]).toBeGreaterThan(interleavings / 20)
})
const ends = ['completed', 'failed', 'lost'] as const
const moment = { at: 1, sinceStartMs: 1, durationMs: 1 }
const someEvent = fc.record({
  kind: fc.constantFrom('sent', 'unsent', 'job', 'cancelled', ...ends),
  attempt: fc.nat(4),
})

test('an event of another attempt, and any event after the end, changes nothing', () => {
  fc.assert(
    fc.property(fc.array(someEvent, { maxLength: 20 }), (events) => {
      let run = { status: 'pending', attempt: 0, startedAt: 0, jobId: null as string | null }
      for (const { kind, attempt } of events) {
        const result = { outputs: null, totalTokens: null, totalCostUsd: null }
        const step = applyEvent(
          run,
          { kind, attempt, jobId: 'job', message: 'So it went.', result, url: 'http://there' } as RunEvent,
          moment,
        )
        const isDue = kind === 'cancelled' || attempt === (kind === 'sent' ? run.attempt + 1 : run.attempt)
        if (hasEnded(run.status) || !isDue) expect(step).toBeUndefined()
        run = { ...run, ...(step?.change as Partial<typeof run>) }
        if (step) expect(step.event.attempt).toBe(run.attempt)
      }
    }),
  )
})

function expectRules(world: RunWorld, ended: Map<string, string>): void {
  expect(world.problems).toEqual([])
  if (!world.hasChanged()) return
  for (const id of world.runIds()) {
    const row = world.row(id)
    expect(row, `run ${id} was acknowledged`).toBeDefined()
    const final = JSON.stringify(row)
    const before = ended.get(id)
    if (before !== undefined) expect(final, 'what has ended stays as it is').toBe(before)
    else if (hasEnded(row!.status)) ended.set(id, final)
  }
  const called = world.called()
  expect(called.length).toBeLessThanOrEqual(inAll)
  for (const agentId of called) {
    expect(called.filter((one) => one === agentId).length).toBeLessThanOrEqual(perAgent)
  }
}

/** Every agent answers at last. */
async function letEnd(world: RunWorld): Promise<void> {
  world.fill(false)
  await settle()
  for (let turn = 0; turn < 200 && (world.unfinished().length > 0 || world.calls().length > 0); turn++) {
    for (const call of world.calls()) world.answer(call, { run: 'completed', job: 'completed' })
    await settle()
    if (world.calls().length === 0) await world.clock.advance(1000)
  }
  // The engine hears of the last change a while after it is in the store.
  await settle()
  expect(world.unfinished()).toEqual([])
  for (const id of world.runIds()) expect(world.isFollowed(id)).toBe(false)
}

function expectHistory(world: RunWorld, id: string): void {
  const events = world.events(id)
  expect(events.map(({ kind }) => kind).join(' ')).toMatch(sentence)
  let attempt = 0
  for (const event of events) {
    if (event.kind === 'sent') attempt++
    expect(event.attempt).toBe(attempt)
  }
  expect(world.row(id)!.attempt).toBe(attempt)
}
