import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { StoreOpenError } from '../../../src/shared/errors.ts'
import { connectClient } from '../../../src/store/postgres/database/client.ts'
import { createPool } from '../../../src/store/postgres/database/pool.ts'
import { openError } from '../../../src/store/postgres/faults/causes.ts'
import { createHastyClock } from '../../support/clock.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

/** A database without tables, as somebody creates one for the dashboard. */
async function bareDatabase(more = ''): Promise<string> {
  const { url, client } = await testDatabase()
  const name = `configurable_agents_test_${randomBytes(6).toString('hex')}`
  await client.query(`CREATE DATABASE ${name} ${more}`)
  onTestFinished(async () => {
    await client.query(`DROP DATABASE ${name}`)
  })
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

async function refusal(url: string): Promise<string> {
  const error = await openTestPostgres({ url }).catch((error) => error)
  expect(error).toBeInstanceOf(StoreOpenError)
  const { message } = error as StoreOpenError
  expect(message).not.toContain(`:${new URL(url).password}`)
  return message
}

test('several that are started on an empty database at the same moment make its tables once', async () => {
  const url = await bareDatabase()
  const stores = await Promise.all([1, 2, 3].map(() => openTestPostgres({ url })))
  await Promise.all(stores.map(({ store }, index) => store.runs.accept({ run: () => newRun(`run-${index}`) })))
  for (const { store } of stores) expect(await store.runs.unfinished()).toHaveLength(3)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const made = await client.query('SELECT FROM dashboard_migrations')
  const files = readdirSync('src/store/postgres/migrations').filter((name) => name.endsWith('.sql'))
  expect(made.rowCount).toBe(files.length)
  await client.end()
})

test('a database that a newer version has changed is refused, and left as it is', async () => {
  const { url, client } = await testDatabase({ isNew: true })
  const { rowCount } = await client.query('SELECT FROM dashboard_migrations')
  await client.query(`INSERT INTO dashboard_migrations (made_at, hash) VALUES (4000000000000, 'of the future')`)
  expect(await refusal(url)).toMatch(/^A newer version of the dashboard has changed the tables of postgres:\/\//)
  expect((await client.query('SELECT FROM dashboard_migrations')).rowCount).toBe(rowCount! + 1)
})

test('a database of another program is refused, and left as it is; tables of extensions are of nobody', async () => {
  const url = await bareDatabase()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE users (name text)')
  expect(await refusal(url)).toMatch(/^postgres:\/\/\S+ is a database of another program, with the table "users"\. /)
  expect((await client.query(`SELECT FROM pg_tables WHERE schemaname = 'public'`)).rowCount).toBe(1)
  await client.query('CREATE TABLE places (name text); DROP TABLE users; ALTER EXTENSION plpgsql ADD TABLE places')
  await client.end()
  await openTestPostgres({ url })
})

test('what is no place for the dashboard is refused in words', async () => {
  const { url } = await testDatabase()
  const at = (change: object) => refusal(Object.assign(new URL(url), change).href)
  expect(await at({ pathname: '/nowhere' })).toMatch(/^postgres:\/\/.*\/nowhere does not exist\. Create it/)
  expect(await at({ password: 'wrong' })).toMatch(/does not let the dashboard in/)
  expect(await at({ port: '1' })).toMatch(/cannot be reached \(ECONNREFUSED\)/)
  await openTestPostgres({ url })
  const readOnly = new URLSearchParams({ options: '-c default_transaction_read_only=on' })
  expect(await at({ search: readOnly })).toMatch(/ can be read but not written: .*, then start again\.$/)
  const latin = await bareDatabase(`TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'`)
  expect(await refusal(latin)).toMatch(/keeps texts as SQL_ASCII/)
})

test('what PostgreSQL or the driver says against an address is one sentence', async () => {
  const { url } = await testDatabase()
  const asked = (parameters: string) => refusal(`${url}?${parameters}`)
  expect(await asked('sslmode=require')).toMatch(/ offers no encrypted connection\. Turn ssl on in PostgreSQL, /)
  expect(await asked('sslmode=verify-ca&sslrootcert=/nowhere.pem')).toMatch(
    /^sslrootcert in the address of the database names \/nowhere\.pem, which cannot be read \(ENOENT\)\.$/,
  )
  expect(await asked('options=-c%20of_nobody%3D1')).toMatch(
    / cannot be used: unrecognized configuration parameter "of_nobody"\. /,
  )
  // As the driver says it where the server keeps passwords as SCRAM.
  const unsaid = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')
  expect(openError(unsaid, 'It')).toEqual(
    new StoreOpenError(
      'It asks for a password. Put it into the address, or into the variable PGPASSWORD, then start again.',
    ),
  )
})

test('what a role sets for whoever comes changes nothing for the dashboard', async () => {
  const { url } = await testDatabase()
  const settings = {
    application_name: ['of-psql', 'configurable-agents'],
    default_transaction_isolation: ['serializable', 'read committed'],
    extra_float_digits: ['0', '1'],
    idle_session_timeout: ['1000', '0'],
    standard_conforming_strings: ['off', 'on'],
    TimeZone: ['Asia/Kathmandu', 'UTC'],
  }
  const options = Object.entries(settings).map(([name, [set]]) => `-c ${name}=${set}`)
  const address = `${url}?statement_timeout=1000&application_name=other&options=${encodeURIComponent(options.join(' '))}`
  const [pool, client] = [createPool(address, () => {}), await connectClient(address)]
  onTestFinished(async () => void (await Promise.all([pool.end(), client.end()])))
  for (const [name, [, own]] of Object.entries(settings))
    for (const one of [pool, client])
      expect((await one.query(`SELECT current_setting('${name}') AS is`)).rows[0].is).toBe(own)
  expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }])
})

test('a dashboard that runs while a newer one changes the tables says so, and names that where it fails', async () => {
  const { url, client } = await testDatabase({ isNew: true })
  const { store, reports } = await openTestPostgres({ url, clock: createHastyClock() })
  await client.query(`INSERT INTO dashboard_migrations (made_at, hash) VALUES (4000000000000, 'of the future')`)
  await expect.poll(() => reports.map(([change, { kind }]) => [change, kind])).toEqual([['warned', 'outdated']])
  expect(reports[0]![1].reason).toMatch(
    /^A newer version .* This one goes on as far as it can\. Start the newer version/,
  )
  await store.runs.accept({ run: () => newRun('fits') })
  await client.query(
    'ALTER TABLE runs ADD COLUMN needed text NOT NULL DEFAULT 1; ALTER TABLE runs ALTER needed DROP DEFAULT',
  )
  await expect(store.runs.accept({ run: () => newRun('a') })).rejects.toMatchObject({
    code: 'storage-outdated',
    message: expect.stringMatching(/^Nothing was saved\. A newer version .* Start the newer version in the place of/),
  })
  await client.query('ALTER TABLE run_events RENAME TO elsewhere')
  await expect(store.runs.accept({ run: () => newRun('b') })).rejects.toMatchObject({ code: 'storage-outdated' })
})

test('a table that somebody drops is a fault until it is there again', async () => {
  const { url, client } = await testDatabase({ isNew: true })
  const { store } = await openTestPostgres({ url, clock: createHastyClock() })
  await client.query('ALTER TABLE run_events RENAME TO elsewhere')
  await expect(store.runs.accept({ run: () => newRun('a') })).rejects.toMatchObject({ code: 'storage-incomplete' })
  // A change that does not need the table proves nothing.
  await store.views.add({ id: 'a', name: 'A', query: '', createdAt: 1, owner: null, isShared: false }, 9)
  expect(store.fault()).toMatchObject({ kind: 'incomplete' })
  await client.query('ALTER TABLE elsewhere RENAME TO run_events')
  await store.writable()
  expect(await store.runs.accept({ run: () => newRun('a') })).toMatchObject({ isRepeat: false })
})
