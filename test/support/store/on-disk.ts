import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isPostgres } from '../../../src/config/database.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import { openedPostgres } from './database.ts'

type Part = { name: string; text: string }

/** All that a dashboard keeps, but the key: of a file all files beside it, of PostgreSQL every value of every table. */
export async function onDisk(db: string): Promise<Part[]> {
  if (isPostgres(db)) return inTables(db)
  const folder = dirname(db)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files
    .filter(({ name }) => name !== 'secret.key')
    .map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'latin1') }))
}

const inTables = (db: string): Promise<Part[]> =>
  openedPostgres(db)!.readMoment(async ({ rows }) => {
    const tables = await rows<{ name: string }>(
      sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`,
    )
    const parts: Part[] = []
    for (const { name } of tables) {
      const found = await rows<object>(sql`SELECT * FROM ${sql.identifier(name)}`)
      // As bytes of a file are read.
      const text = found.flatMap((row) => Object.values(row)).join('\n')
      parts.push({ name, text: Buffer.from(text).toString('latin1') })
    }
    return parts
  })
