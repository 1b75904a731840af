import pg from 'pg'
import { migrate } from '../../../src/store/postgres/database/migrate.ts'
import { startServer } from './server.ts'

export type TestCluster = {
  /** The address of a new database that has our tables. */
  newDatabase(): Promise<string>
  stop(): Promise<void>
}

/** Databases for tests, on the server that is given or on one of our own. Names begin with `prefix`. */
export async function startCluster(folder: string, prefix: string): Promise<TestCluster> {
  const given = process.env.CONFIGURABLE_AGENTS_TEST_POSTGRES
  const server = given ? undefined : await startServer(folder).catch(refuse)
  const url = given ?? server!.url
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => {})
  await admin.connect()
  const created: string[] = []

  async function create(name: string, more: string): Promise<string> {
    created.push(name)
    await admin.query(`CREATE DATABASE ${name} ${more}`)
    return Object.assign(new URL(url), { pathname: `/${name}` }).href
  }

  const template = `${prefix}_template`
  const empty = new pg.Client({ connectionString: await create(template, `TEMPLATE template0 ENCODING 'UTF8'`) })
  await empty.connect()
  await migrate(empty, template)
  await empty.end()
  let last: Promise<unknown> = Promise.resolve()

  return {
    newDatabase() {
      // Of one template only one copy is made at a time.
      const copied = last.then(() => create(`${prefix}_${created.length}`, `TEMPLATE ${template}`))
      last = copied.catch(() => {})
      return copied
    },

    async stop() {
      await last
      if (given) for (const name of created) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await admin.end()
      await server?.stop()
    },
  }
}

function refuse(error: Error): never {
  throw new Error(
    `${error.message}Set CONFIGURABLE_AGENTS_TEST_POSTGRES to the address of a server that tests may use instead.`,
  )
}
