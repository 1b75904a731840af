import { expect, test } from 'vitest'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { StorageFaultError } from '../../../src/shared/errors.ts'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import { createHastyClock } from '../../support/clock.ts'
import { cableTo } from '../../support/postgres/cable.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

const accept = (id: string) => ({ run: () => newRun(id) })

test('a database that goes away is a fault with a name, which ends by itself when it is back', async () => {
  const cable = await cableTo((await testDatabase()).url)
  const { store, reports } = await openTestPostgres({ url: cable.url, clock: createHastyClock() })
  await store.runs.accept(accept('before'))
  const revision = store.revision()
  cable.cut()
  const refused = await store.runs.accept(accept('lost')).catch((error) => error)
  expect(refused).toBeInstanceOf(StorageFaultError)
  expect(refused).toMatchObject({ code: 'storage-unreachable', status: 503 })
  expect(refused.message).toMatch(/^Nothing was saved\. The database cannot be reached/)
  expect(refused.messageForAdmins).toMatch(/^Nothing was saved\. postgres:\/\/.* cannot be reached/)
  expect(store.fault()).toMatchObject({ kind: 'unreachable' })
  const read = await store.runs.get('before').catch((error) => store.explain(error))
  expect(read).toMatchObject({ code: 'storage-unreachable' })
  expect(store.revision()).toBe(revision)
  let isWritable = false
  const writable = store.writable().then(() => {
    isWritable = true
  })
  expect(isWritable).toBe(false)
  cable.mend()
  await writable
  expect(store.fault()).toBeUndefined()
  await store.runs.accept(accept('after'))
  expect(await store.runs.unfinished()).toEqual(['before', 'after'])
  expect(reports.map(([change]) => change)).toContain('begun')
  expect(JSON.stringify([reports, refused.messageForAdmins])).not.toContain(`:${new URL(cable.url).password}`)
})

test('what befalls the sockets of others is no fault of the database', async () => {
  const { store, reports } = await openTestPostgres()
  for (const code of ['ECONNRESET', 'ECONNREFUSED', 'EPIPE']) {
    const ofOthers = Object.assign(new Error('aborted'), { code })
    expect(store.explain(ofOthers)).toBe(ofOthers)
    const ofThose = new Error('Not read', { cause: ofOthers })
    expect(store.explain(ofThose)).toBe(ofThose)
  }
  expect(store.fault()).toBeUndefined()
  expect(reports).toEqual([])
})

test('a connection that ended while nobody used it is replaced', async () => {
  const { url, client } = await testDatabase()
  const { store } = await openTestPostgres({ url })
  await store.runs.accept(accept('a'))
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await store.runs.accept(accept('b'))
  expect(await store.runs.unfinished()).toEqual(['a', 'b'])
})

// A checkpoint of the same second, as a new database of another test makes it, leaves it open: then it is tried again.
test('what was saved while the connection ended is known to be', { retry: 3 }, async () => {
  const { url, client } = await testDatabase()
  const age =
    'SELECT extract(epoch FROM clock_timestamp() - checkpoint_time)::float8 AS age FROM pg_control_checkpoint()'
  await expect.poll(async () => (await client.query(age)).rows[0].age).toBeGreaterThan(1)
  const cable = await cableTo(url)
  const { store } = await openTestPostgres({ url: cable.url, clock: systemClock })
  cable.cutAt('COMMIT', 'unanswered')
  expect(await store.runs.accept(accept('saved'))).toMatchObject({ run: { id: 'saved' } })
  cable.cutAt('COMMIT', 'unheard')
  await expect(store.runs.accept(accept('lost'))).rejects.toMatchObject({ code: 'storage-unreachable' })
  expect(await store.runs.unfinished()).toEqual(['saved'])
  expect(await store.runs.accept(accept('again'))).toMatchObject({ isRepeat: false })
})

test.each(['unheard', 'unanswered'] as const)(
  'a connection that ends in the midst of a change (%s) is replaced, and the change made once',
  async (when) => {
    const cable = await cableTo((await testDatabase()).url)
    const { store, reports } = await openTestPostgres({ url: cable.url, clock: systemClock })
    cable.cutAt('INSERT INTO runs', when)
    expect(await store.runs.accept(accept('a'))).toMatchObject({ isRepeat: false })
    expect(await store.runs.unfinished()).toEqual(['a'])
    expect(reports).toEqual([])
  },
)

test('a program that stood still in the midst of a change goes on, and names no fault', async () => {
  const { url, client } = await testDatabase()
  const { store, reports } = await openTestPostgres({ url })
  let times = 0
  const changed = store.write(async ({ first }) => {
    const found = await first<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
    // As the server does after a while.
    if (times++ === 0) await client.query('SELECT pg_terminate_backend($1, 10000)', [found!.pid])
    return first(sql`SELECT 1 AS one`)
  })
  expect(await changed).toEqual({ one: 1 })
  expect(times).toBe(2)
  expect(store.fault()).toBeUndefined()
  expect(reports).toEqual([])
})

test('a change that waits for others too long is refused as busy', async () => {
  const { url, client } = await testDatabase()
  const { store } = await openTestPostgres({ url })
  await store.runs.accept(accept('a'))
  await client.query('BEGIN; SELECT FROM runs FOR UPDATE')
  const changing = store.runs.change('a', () => undefined).catch((error) => error)
  // As lock_timeout does after a while.
  const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
  await expect.poll(async () => (await client.query(cancel)).rowCount).toBe(1)
  expect(await changing).toMatchObject({ code: 'store-busy', status: 503 })
  await client.query('ROLLBACK')
  expect(store.fault()).toBeUndefined()
  expect(await store.runs.change('a', () => undefined)).toMatchObject({ isChanged: false })
})

test('runs that programs report in different orders at the same moment do not stop each other', async () => {
  const { store } = await openTestPostgres()
  const reports = ['a', 'b'].map((id) => ({ id, decide: () => undefined }))
  await store.runs.accept(accept('a'))
  const both = Array.from({ length: 10 }, (_, index) =>
    store.runs.report(index % 2 === 0 ? reports : reports.toReversed()),
  )
  await expect(Promise.all(both)).resolves.toHaveLength(10)
})

test('a program hears that another has changed something, and its own changes are not those of others', async () => {
  const { url } = await testDatabase()
  const cable = await cableTo(url)
  const clock = createHastyClock()
  const { store } = await openTestPostgres({ url: cable.url, clock })
  const { store: other } = await openTestPostgres({ url, clock })
  const before = [store, other].map(({ agents }) => agents.revision())
  await store.runs.accept(accept('a'))
  await expect.poll(other.agents.revision).not.toBe(before[1])
  expect(store.agents.revision()).toBe(before[0])
  const known = store.access.revision()
  await other.runs.accept(accept('b'))
  await expect.poll(store.agents.revision).not.toBe(before[0])
  expect(store.access.revision()).not.toBe(known)
  const heard = store.agents.revision()
  cable.cut()
  cable.mend()
  // What was missed meanwhile nobody knows.
  await expect.poll(store.agents.revision).not.toBe(heard)
})

test('what changes a run is planned once for a connection, and not each time', async () => {
  const { store } = await openTestPostgres()
  for (const id of ['first', 'second']) await store.runs.accept(accept(id))
  const kept = await store.write(({ rows }) =>
    rows<{ statement: string }>(sql`SELECT statement FROM pg_prepared_statements`),
  )
  expect(kept.some(({ statement }) => statement.includes('INSERT INTO runs'))).toBe(true)
  expect(kept.some(({ statement }) => statement.includes('pg_prepared_statements'))).toBe(false)
})

test('runs that one program tidies away are counted no more by another', async () => {
  const { url } = await testDatabase()
  const clock = createHastyClock()
  const [{ store }, { store: other }] = [await openTestPostgres({ url, clock }), await openTestPostgres({ url, clock })]
  const selection = selectionOf({ agents: [], statuses: [], search: [], longerThanSeconds: 1 })
  const counted = async () => {
    expect(await other.history.countAhead(selection, true)).toBe(true)
    return (await other.history.count(selection)).runs
  }
  for (const id of ['a', 'b', 'c']) {
    await store.runs.accept(accept(id))
    const event = { kind: 'completed' as const, attempt: 1, at: 0 }
    await store.runs.change(id, () => ({ change: { status: 'completed', durationSeconds: 2 }, event }))
  }
  await store.cluster!.told()
  await other.cluster!.heard()
  await expect.poll(counted).toBe(3)
  const old = [{ status: 'completed', startedBefore: Date.UTC(2100, 0) }]
  for await (const _ of store.upkeep.tidy({ old, keepRuns: 0, keysBefore: 0, isThorough: false }));
  await other.runs.accept(accept('d'))
  await expect.poll(counted).toBe(0)
})
