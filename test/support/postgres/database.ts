import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { countQuestions } from './under-way.ts'

countQuestions(pg)

export type TestDatabase = {
  url: string
  /** A connection of the test's own. */
  client: pg.Client
}

/** Those that no test uses at this time, all of them empty. */
const idle: TestDatabase[] = []

/** A database that has our tables and no rows, for as long as the test runs. What a test does to the tables themselves is to go on a `new` one. */
export async function testDatabase({ isNew = false } = {}): Promise<TestDatabase> {
  const database = (isNew ? undefined : idle.pop()) ?? (await create())
  onTestFinished(async ({ task }) => {
    // What a test that failed has left is not known: a transaction of its own may be open.
    if (isNew || task.result?.state === 'fail') return database.client.end()
    await empty(database)
    idle.push(database)
  })
  return database
}

async function create(): Promise<TestDatabase> {
  const answer = JSON.parse(await text(connect(inject('postgres'), '127.0.0.1')))
  if (answer.error) throw new Error(answer.error)
  const client = new pg.Client({ connectionString: answer.url })
  // The server may be stopped before this program.
  client.on('error', () => {})
  await client.connect()
  return { url: answer.url, client }
}

/** To create a database takes ten times as long. */
async function empty({ client }: TestDatabase): Promise<void> {
  const { rows } = await client.query<{ deletes: string }>(
    `SELECT string_agg(part, ';') AS deletes FROM (
       SELECT format('DELETE FROM %I', tablename) AS part FROM pg_tables
       WHERE schemaname = current_schema() AND tablename <> 'dashboard_migrations'
       UNION ALL SELECT format('ALTER SEQUENCE %I RESTART', sequencename) FROM pg_sequences
       WHERE schemaname = current_schema() AND last_value IS NOT NULL
     ) AS parts`,
  )
  await client.query(rows[0]!.deletes)
}
