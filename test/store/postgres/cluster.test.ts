import { expect, test } from 'vitest'
import type { RunStep } from '../../../src/store/ports/runs.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

const ttlMs = 60_000
const limits = { perAgent: 2, inAll: 3 }
const nothing = { held: [], released: [] }
const startedAt = Date.UTC(2026, 10, 22)

/** Two dashboards on one database, and the database's clock. */
async function openTwo() {
  const { url, client } = await testDatabase()
  const { runs, cluster } = (await openTestPostgres({ url })).store
  const [one, two] = [await join('one'), await join('two')]

  function join(name: string): Promise<string> {
    return cluster!.join({ name, version: '1.0.0' }, ttlMs)
  }

  let added = 0
  return {
    /** Without a word to anybody. */
    insert: (count: number, agentId: string, owner: string) =>
      client.query(
        `INSERT INTO runs (seq, id, agent, agent_id, workflow, status, attempt, owner)
         SELECT n, $1 || n, $1, $1, $1, 'pending', 0, $2 FROM generate_series(1, $3::int) AS n`,
        [agentId, owner, count],
      ),
    ...{ runs, cluster: cluster!, one, two, join },
    accept: (id: string, owner: string | undefined, agentId = 'writer') =>
      runs.accept({ run: () => newRun(id, { owner, agentId, startedAt: startedAt + added++ }) }),
    change: (id: string, change: RunStep['change'], owner?: string) =>
      runs.change(id, () => ({ change, event: { kind: 'sent', attempt: 1, at: startedAt } }), undefined, owner),
    /** As if some time had passed without a word of this dashboard. */
    lapse: (id: string) => client.query('UPDATE dashboards SET until = until - 100000 WHERE id = $1', [id]),
    /** As if it had renewed its lease for all the time that has passed. */
    age: (id: string) => client.query('UPDATE dashboards SET held_since = held_since - 100000 WHERE id = $1', [id]),
    lapseLeases: () => client.query('UPDATE leases SET until = until - 100000'),
  }
}

const idsOf = (holders: { runId: string }[]) => holders.map(({ runId }) => runId)

test('slots are granted to the oldest runs of all dashboards, within the limits of all', async () => {
  const { cluster, runs, accept, change, one, two } = await openTwo()
  await accept('a', one)
  await accept('b', two)
  await accept('c', one)
  await accept('d', two, 'other')
  await accept('e', two, 'other')
  expect(idsOf(await cluster.slots(one, limits, nothing))).toEqual(['a', 'b', 'd'])
  expect(idsOf(await cluster.slots(two, limits, nothing))).toEqual(['a', 'b', 'd'])
  await change('a', { status: 'running' }, one)
  expect(idsOf(await cluster.slots(two, limits, nothing))).toEqual(['a', 'b', 'd'])
  await change('a', { status: 'completed' }, one)
  expect(idsOf(await cluster.slots(two, limits, nothing))).toEqual(['b', 'c', 'd'])
  await runs.change('b', () => ({ change: { status: 'cancelled' }, event: { kind: 'cancelled', attempt: 0, at: 1 } }))
  expect(idsOf(await cluster.slots(one, limits, nothing))).toEqual(['c', 'd', 'e'])
})

test('however many wait for one agent, they hold up no other', async () => {
  const { cluster, insert, accept, one, two } = await openTwo()
  await insert(1500, 'slow', one)
  await accept('quick', two)
  expect(idsOf(await cluster.slots(one, limits, nothing))).toEqual(['slow1', 'slow2', 'quick'])
})

test('dashboards hear which of their runs another has given slots, and that it has changed one', async () => {
  const { cluster, accept, change, insert, one, two } = await openTwo()
  const heard: unknown[] = []
  cluster.onNotice((notice) => heard.push(notice))
  await insert(40, 'writer', two)
  await accept('a', one)
  await cluster.slots(one, { perAgent: 40, inAll: 100 }, nothing)
  await change('a', { status: 'cancelled' })
  await expect.poll(() => heard.length).toBe(3)
  const ids = Array.from({ length: 40 }, (_, index) => `writer${index + 1}`)
  expect(heard.flatMap((notice) => (notice as { granted: string[] }).granted)).toEqual(ids)
  expect(heard.map((notice) => (notice as { owner: string }).owner)).toEqual([two, two, one])
})

test('dashboards that ask at the same moment never grant more than the limits', async () => {
  const { cluster, accept, one, two } = await openTwo()
  for (let run = 0; run < 20; run++) await accept(`${run}`, run % 2 === 0 ? one : two, `agent-${run % 3}`)
  const asked = Array.from({ length: 12 }, (_, number) => cluster.slots(number % 2 ? one : two, limits, nothing))
  for (const holders of await Promise.all(asked)) expect(idsOf(holders)).toEqual(['0', '1', '2'])
})

test('a run gives its slot back and takes it again, whatever the limits; only its own dashboard says so', async () => {
  const { cluster, accept, change, one, two } = await openTwo()
  for (const id of ['a', 'b', 'c']) await accept(id, one)
  await cluster.slots(one, limits, nothing)
  await change('a', { status: 'running', jobId: 'job' }, one)
  expect(idsOf(await cluster.slots(two, limits, { held: [], released: ['a'] }))).toEqual(['a', 'b'])
  expect(idsOf(await cluster.slots(one, limits, { held: [], released: ['a'] }))).toEqual(['b', 'c'])
  expect(idsOf(await cluster.slots(one, limits, { held: ['a'], released: [] }))).toEqual(['a', 'b', 'c'])
})

test('runs of a dashboard whose lease has lapsed are taken up, and it changes them no more', async () => {
  const { cluster, runs, accept, change, one, two, lapse, age } = await openTwo()
  for (const id of ['a', 'b', 'c']) await accept(id, one)
  await accept('d', two)
  await cluster.slots(one, limits, nothing)
  await change('a', { status: 'running', jobId: 'job' }, one)
  await change('c', { status: 'failed' }, one)
  await age(two)
  expect(await cluster.takeUp(two, ttlMs, 10)).toEqual([])
  await lapse(one)
  expect((await cluster.takeUp(two, ttlMs, 10)).sort()).toEqual(['a', 'b'])
  expect(await runs.unfinished(two)).toEqual(['a', 'b', 'd'])
  expect(await runs.unfinished(one)).toEqual([])

  // A job keeps its slot, and what was not sent is in the line again.
  expect(idsOf(await cluster.slots(two, { perAgent: 1, inAll: 3 }, nothing))).toEqual(['a'])
  const exchange = {
    ...{ attempt: 1, at: 1, method: 'POST', url: 'http://localhost:8001/run', durationMs: 1 },
    ...{ requestHeaders: {}, requestBody: null, status: null, responseHeaders: null, responseBody: null },
    failure: 'no answer',
  }
  const decide = () => ({ change: { status: 'lost' }, event: { kind: 'lost' as const, attempt: 1, at: 1 } })
  for (const id of ['a', 'b']) expect(await runs.change(id, decide, exchange, one)).toMatchObject({ isChanged: false })
  const { run, events, exchanges } = (await runs.details('a'))!
  expect([run.status, events.length, exchanges]).toEqual(['running', 2, []])
  expect(await runs.change('a', decide, exchange, two)).toMatchObject({ isChanged: true })

  expect(await cluster.renew(one, ttlMs)).toBe(false)
  expect((await cluster.dashboards()).map(({ name, goneAt }) => [name, goneAt !== null])).toEqual([
    ['one', true],
    ['two', false],
  ])
})

test('after a time without a database, everybody renews before anybody is done without', async () => {
  const { cluster, accept, one, two, lapse, age } = await openTwo()
  await accept('a', one)
  for (const id of [one, two]) await age(id)
  for (const id of [one, two]) await lapse(id)
  expect(await cluster.takeUp(two, ttlMs, 10)).toEqual([])
  expect(await cluster.renew(two, ttlMs)).toBe(true)
  expect(await cluster.takeUp(two, ttlMs, 10)).toEqual([])
  expect(await cluster.renew(one, ttlMs)).toBe(true)
  await age(two)
  expect(await cluster.takeUp(two, ttlMs, 10)).toEqual([])
})

test('a dashboard that leaves gives its runs to the others at once, some at a time, and is not listed', async () => {
  const { cluster, accept, one, two } = await openTwo()
  for (const id of ['a', 'b', 'c']) await accept(id, one)
  await accept('of nobody', undefined)
  await cluster.leave(one)
  expect((await cluster.takeUp(two, ttlMs, 3)).sort()).toEqual(['a', 'b', 'c'])
  expect(await cluster.takeUp(two, ttlMs, 3)).toEqual(['of nobody'])
  expect(await cluster.takeUp(two, ttlMs, 3)).toEqual([])
  expect((await cluster.dashboards()).map(({ name }) => name)).toEqual(['two'])
})

test('one dashboard leads at a time, and an epoch tells whoever lost a lease from whoever has it', async () => {
  const { cluster, one, two, lapseLeases } = await openTwo()
  const leaders = async () => (await cluster.dashboards()).map(({ leads }) => leads)
  expect(await cluster.lead('health', one, ttlMs)).toBe(1)
  expect(await cluster.lead('health', two, ttlMs)).toBeUndefined()
  expect(await cluster.lead('health', one, ttlMs)).toBe(1)
  expect(await leaders()).toEqual([['health'], []])
  await lapseLeases()
  expect(await cluster.lead('health', two, ttlMs)).toBe(2)
  expect(await cluster.lead('health', one, ttlMs)).toBeUndefined()
  await cluster.leave(two)
  expect(await cluster.lead('health', one, ttlMs)).toBe(3)
})

test('what a dashboard records or tells after it lost the lead changes nothing', async () => {
  const { cluster, one, two, lapseLeases } = await openTwo()
  const check = { agentId: 'writer', outcome: 'up' as const, latencyMs: 1, reason: null }
  const leaseOf = async (owner: string) => ({
    ...{ name: 'health', owner },
    epoch: (await cluster.lead('health', owner, ttlMs))!,
  })
  const lost = await leaseOf(one)
  const asOne = cluster.health.record(() => lost)
  await asOne.record([{ ...check, at: 1 }])
  await cluster.health.tell(lost, [{ agentId: 'writer', belief: 'up', answer: null, answered: 0 }])
  await lapseLeases()
  const held = await leaseOf(two)
  await asOne.record([{ ...check, at: 2 }])
  await asOne.beginIncident('writer', 2, 'no answer')
  await cluster.health.tell(lost, [{ agentId: 'writer', belief: 'down', answer: null, answered: 0 }])
  await cluster.health.record(() => held).record([{ ...check, at: 3 }])
  expect((await cluster.health.newChecks([{ agentId: 'writer', at: 0 }], 9)).map(({ at }) => at)).toEqual([1, 3])
  expect(await cluster.health.newChecks([{ agentId: 'writer', at: 1 }], 9)).toEqual([{ ...check, at: 3 }])
  expect(await asOne.incidents('writer', 9)).toEqual([])
  const { beliefs, until } = await cluster.health.told(0)
  expect(beliefs).toEqual([{ agentId: 'writer', belief: 'up', answered: 0 }])
  expect((await cluster.health.told(until + 1)).beliefs).toEqual([])
  await asOne.forget('writer', 9)
  expect((await cluster.health.told(0)).beliefs).toEqual([])
})
