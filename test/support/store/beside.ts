import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import { anotherProgram, openedPostgres } from './database.ts'
import { rawRows } from './raw.ts'

/** A statement of another program, as it is for a file and for PostgreSQL. A dashboard on PostgreSQL has heard of it then. */
export async function changeBeside(app: { db: string }, ofFile: string, ofBase = ofFile): Promise<void> {
  await rawRows(app, ofFile, ofBase)
  const base = openedPostgres(app.db)
  await base?.write(({ run }) => run(sql`SELECT pg_notify('configurable_agents_changed', ${anotherProgram})`))
  await base?.heard()
}

/** Another program gives the agents another address, in its own words: it knows no URL. */
export const moveAgents = (app: { db: string }, host: string, port: number) =>
  changeBeside(
    app,
    `UPDATE agents SET host = '${host}', port = ${port}, base_url = NULL`,
    `UPDATE agents SET host = '${host}', port = ${port}, url = 'http://${host}:${port}'`,
  )
