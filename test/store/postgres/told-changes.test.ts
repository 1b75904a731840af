import { describe, expect, test } from 'vitest'
import type { Store } from '../../../src/store/ports.ts'
import { createTelling, payloadOf, toldBy } from '../../../src/store/postgres/database/telling.ts'
import { deleteRuns } from '../../../src/store/postgres/runs/deletion.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import type { PostgresStore } from '../../../src/store/postgres/store.ts'
import { changes } from '../../contract/history/changes.ts'
import { histories } from '../../contract/history/common.ts'
import { createTestClock } from '../../support/clock.ts'
import { createPostgresHistory } from '../../support/history/postgres-history.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

async function allTold(from: Store, to: Store): Promise<void> {
  await from.cluster!.told()
  await to.cluster!.heard()
}

describe('by another dashboard', () =>
  changes(async () => {
    const database = await testDatabase()
    const world = await createPostgresHistory(database)
    const { store: other } = await openTestPostgres(database)
    const { countAhead } = other.history
    const history: Store['history'] = {
      ...other.history,
      async countAhead(...asked) {
        await allTold(world.store, other)
        return countAhead(...asked)
      },
    }
    return { ...world, store: { ...world.store, history } }
  }, histories / 4))

async function openTwo() {
  const { url, client } = await testDatabase()
  const [one, two] = [(await openTestPostgres({ url })).store, (await openTestPostgres({ url })).store]
  const accept = (id: string) => one.runs.accept({ run: () => newRun(id) })
  /** What the second has heard of what the first one does. */
  async function heardOf(change: () => Promise<unknown>): Promise<number[] | undefined> {
    const before = two.changedRuns.version()
    await change()
    await allTold(one, two)
    const places = two.changedRuns.placesSince(before)
    return places && [...new Set(places)].sort((a, b) => a - b)
  }
  return { client, one, two, accept, heardOf }
}

const placeOf = async ({ ask }: PostgresStore, id: string) =>
  (await ask.first<{ seq: number }>(sql`SELECT seq FROM runs WHERE id = ${id}`))!.seq

test('others hear which runs were added, changed and deleted, and of nothing else', async () => {
  const { one, accept, heardOf } = await openTwo()
  const added = await heardOf(() => accept('a'))
  const [a] = [await placeOf(one, 'a')]
  expect(added).toEqual([a])
  const event = { kind: 'completed' as const, attempt: 1, at: 0 }
  const end = () => one.runs.change('a', () => ({ change: { status: 'completed' }, event }))
  expect(await heardOf(() => Promise.all([end(), accept('b')]))).toEqual([a, await placeOf(one, 'b')])
  expect(await heardOf(() => one.write((session) => deleteRuns(session, sql`id = 'a'`), { isSilent: true }))).toEqual([
    a,
  ])
  expect(await heardOf(() => one.announce())).toEqual([])
})

test('after a change that may have been kept or not, nobody takes anything for known', async () => {
  const { one, heardOf } = await openTwo()
  const own = one.changedRuns.version()
  const failed = one.write(async (session) => {
    session.touched.push(7)
    throw new Error('Lost')
  })
  expect(await heardOf(() => failed.catch(() => {}))).toBeUndefined()
  expect(one.changedRuns.placesSince(own)).toBeUndefined()
})

test('what other versions and other programs tell may mean any run', async () => {
  const { client, two, heardOf } = await openTwo()
  const revision = two.revision()
  for (const told of ['4711-1764530000000000', '', '4711-1764530000000000:x,?'])
    expect(await heardOf(() => client.query('SELECT pg_notify($1, $2)', ['configurable_agents_changed', told]))).toBe(
      undefined,
    )
  expect(two.revision()).not.toBe(revision)
})

test('a dashboard that has gone may have changed what it told nobody', async () => {
  const { client, one, accept, heardOf } = await openTwo()
  const [first, second] = [await join('one'), await join('two')]
  const takeUp = () => one.cluster!.takeUp(first, 60_000, 10)
  expect(await heardOf(takeUp)).toEqual([])
  await client.query('UPDATE dashboards SET until = until - 100000 WHERE id = $1', [second])
  await client.query('UPDATE dashboards SET held_since = held_since - 100000 WHERE id = $1', [first])
  expect(await heardOf(takeUp)).toBeUndefined()
  expect(await heardOf(() => accept('a'))).toHaveLength(1)
  expect(await heardOf(() => one.cluster!.leave(first))).toBeUndefined()

  function join(name: string): Promise<string> {
    return one.cluster!.join({ name, version: '1.0.0' }, 60_000)
  }
})

test('more places than a notice holds are any', () => {
  const some = Array.from({ length: 600 }, (_, index) => Date.UTC(2026, 10, 30) * 4096 + index)
  expect(toldBy(payloadOf('4711-1', some))).toEqual({ name: '4711-1', places: some })
  expect(toldBy(payloadOf('4711-1', [...some, ...some]))).toEqual({ name: '4711-1', places: undefined })
  expect(toldBy(payloadOf('4711-1', []))).toEqual({ name: '4711-1', places: [] })
})

test('a notice that failed is sent again, and names no runs then', async () => {
  const clock = createTestClock()
  const told: (number[] | undefined)[] = []
  let isCut = true
  const telling = createTelling(clock, async (places) => {
    if (isCut) throw new Error('Cut')
    told.push(places)
  })
  telling.soon([1, 2])
  telling.soon([2, 3])
  await clock.advance(1000)
  isCut = false
  await clock.advance(1000)
  telling.soon([4])
  telling.soon([5, 4])
  await clock.advance(1000)
  expect(told).toEqual([undefined, [4, 5]])
  telling.soon([6])
  expect(telling.end()).toEqual({ places: [6] })
  expect(telling.end()).toBeUndefined()
  isCut = true
  telling.soon([7])
  await clock.advance(1000)
  expect(clock.timers()).toBe(0)
})
