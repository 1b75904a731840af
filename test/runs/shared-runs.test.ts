import { expect, onTestFinished, test, vi } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { systemClock } from '../../src/shared/time/clock.ts'
import { createTestClock } from '../support/clock.ts'
import { testDatabase } from '../support/postgres/database.ts'
import { succeeded } from '../support/runs/executions.ts'
import { newRun } from '../support/runs/new-run.ts'
import { createSharedAgents, createSharedExecutions } from '../support/runs/shared-executions.ts'

const ttlMs = 1000
/** With every lease renewed in its time. */
const waits = { timeout: 20_000, interval: 20 }
const until = (check: () => unknown) => vi.waitFor(check, waits)

async function open(limits: { perAgent?: number; inAll?: number; ttlMs?: number } = {}) {
  const { url, client } = await testDatabase()
  const agents = createSharedAgents()
  const sentIds = () => agents.sent.map(({ runId }) => runId)
  return {
    ...{ agents, client, sentIds },
    async start(name: string, clock = systemClock) {
      const dashboard = await createSharedExecutions(name, url, agents, { clock, ttlMs, ...limits })
      onTestFinished(dashboard.stop)
      return dashboard
    },
    /** It stops in the middle of what it does: nothing that it waits for comes to pass. */
    async startOneThatFreezes(name: string) {
      const clock = createTestClock()
      const dashboard = await createSharedExecutions(name, url, agents, { clock, ttlMs, ...limits })
      onTestFinished(async () => {
        const stopped = dashboard.stop()
        await vi.waitFor(() => clock.advance(1000).then(() => stopped), waits)
      })
      return { ...dashboard, clock }
    },
  }
}

test('runs of two dashboards take turns for the slots of an agent, the oldest first', async () => {
  const { agents, sentIds, start } = await open({ perAgent: 1 })
  const [one, two] = [await start('one'), await start('two')]
  const first = await one.accept()
  await until(() => expect(sentIds()).toEqual([first]))
  const second = await two.accept()
  const third = await one.accept()
  await until(() =>
    expect(two.executions.progress(second)?.queued?.heldBy).toEqual([{ runId: first, agentId: 'writer' }]),
  )
  expect(two.executions.runsOn('writer')).toBe(1)
  agents.sent[0]!.answer(succeeded)
  await until(() => expect(sentIds()).toEqual([first, second]))
  const ended = one.executions.ended(second, waits.timeout)
  agents.sent[1]!.answer(succeeded)
  await ended
  expect((await one.store.runs.get(second))?.status).toBe('completed')
  await until(() => expect(sentIds()).toEqual([first, second, third]))
  agents.sent[2]!.answer(succeeded)
  await until(async () => expect((await one.store.runs.get(third))?.status).toBe('completed'))
  expect([one.errors, two.errors]).toEqual([[], []])
})

test('a dashboard hears at once that another has granted its run a slot', async () => {
  const { agents, sentIds, start, startOneThatFreezes } = await open({ perAgent: 1, ttlMs: 60_000 })
  const [one, frozen] = [await start('one'), await startOneThatFreezes('frozen')]
  const first = await one.accept()
  await until(() => expect(sentIds()).toEqual([first]))
  const second = await frozen.accept()
  await until(() => expect(frozen.executions.runsOn('writer')).toBe(1))
  agents.sent[0]!.answer(succeeded)
  await until(() => expect(sentIds()).toEqual([first, second]))
  agents.sent[1]!.answer(succeeded)
  await until(() => expect(frozen.executions.isActive(second)).toBe(false))
})

test('what a dashboard that fell silent had is taken up, and it changes nothing when it comes back', async () => {
  const { agents, sentIds, start, startOneThatFreezes } = await open({ perAgent: 2 })
  const frozen = await startOneThatFreezes('frozen')
  const job = await frozen.accept()
  await until(() => expect(sentIds()).toEqual([job]))
  agents.sent[0]!.answer({ kind: 'accepted', jobId: 'job 1' })
  const answeredLate = await frozen.accept()
  await until(() => expect(sentIds()).toEqual([job, answeredLate]))
  const unsent = await frozen.accept()
  const withPassword = await frozen.accept('other', { withheld: { stored: '{}', fields: ['password'] } })
  await until(() => expect(sentIds()).toContain(withPassword))
  const unsentWithPassword = await frozen.accept('writer', { withheld: { stored: '{}', fields: ['password'] } })

  const other = await start('other')
  const run = (id: string) => other.store.runs.get(id)
  // The job is followed, and what was sent without an answer is lost, so its slot is free.
  await until(async () => expect((await run(answeredLate))?.status).toBe('lost'))
  await until(() => expect(sentIds()).toContain(unsent))
  expect((await run(withPassword))?.status).toBe('lost')
  await until(() => expect(agents.polled.map(({ runId }) => runId)).toContain('job 1'))
  agents.polled.find(({ runId }) => runId === 'job 1')!.answer(succeeded)
  await until(async () => expect((await run(job))?.status).toBe('completed'))
  await until(async () => expect((await run(unsentWithPassword))?.error).toMatch(/its password is not kept/))

  const details = await other.store.runs.details(answeredLate)
  agents.sent[1]!.answer(succeeded)
  await frozen.clock.advance(ttlMs)
  await until(() => expect(frozen.executions.isActive(answeredLate)).toBe(false))
  await until(async () => {
    await frozen.clock.advance(ttlMs)
    expect(frozen.executions.counts()).toEqual({ queued: 0, running: 0 })
  })
  expect(await other.store.runs.details(answeredLate)).toEqual(details)
  agents.sent.find(({ runId }) => runId === unsent)!.answer(succeeded)
  await until(async () => expect((await run(unsent))?.status).toBe('completed'))
  expect(sentIds().filter((id) => id === unsent)).toHaveLength(1)
  expect([frozen.errors, other.errors]).toEqual([[], []])
})

test('a run is cancelled by another dashboard than its own', async () => {
  const { sentIds, start } = await open({ perAgent: 1 })
  const [one, two] = [await start('one'), await start('two')]
  const [sent, queued] = [await one.accept(), await one.accept()]
  await until(() => expect(sentIds()).toEqual([sent]))
  for (const id of [queued, sent]) await two.executions.cancel(id, localActor)
  await until(() => expect(one.executions.counts()).toEqual({ queued: 0, running: 0 }))
  expect((await two.store.runs.summaries([sent, queued])).map(({ status }) => status)).toEqual([
    'cancelled',
    'cancelled',
  ])
  expect(sentIds()).toEqual([sent])
})

test('a dashboard that stops leaves its queue to the others at once', async () => {
  const { agents, sentIds, start } = await open({ perAgent: 1 })
  const [one, two] = [await start('one'), await start('two')]
  const first = await one.accept()
  await until(() => expect(sentIds()).toEqual([first]))
  const second = await one.accept()
  const stopped = one.stop()
  agents.sent[0]!.answer(succeeded)
  await stopped
  await until(() => expect(sentIds()).toEqual([first, second]))
  expect(two.executions.isActive(second)).toBe(true)
  expect((await two.store.cluster!.dashboards()).map(({ name }) => name)).toEqual(['two'])
  agents.sent[1]!.answer(succeeded)
})

test("a run that is a dashboard's own, though it never heard so, is carried out soon", async () => {
  const { agents, sentIds, start } = await open({ perAgent: 1 })
  const one = await start('one')
  // As where the answer to its acceptance was lost with the connection.
  await one.store.runs.accept({ run: () => newRun('unheard', { owner: one.cluster.owner() }) })
  await until(() => expect(sentIds()).toEqual(['unheard']))
  agents.sent[0]!.answer(succeeded)
  await until(async () => expect((await one.store.runs.get('unheard'))?.status).toBe('completed'))
})
