import Database from 'better-sqlite3'
import { isPostgres } from '../../../src/config/database.ts'
import { hasEnded } from '../../../src/shared/run-status.ts'
import { hourMs } from '../../../src/shared/time/durations.ts'
import { type Entity, entities, runs } from '../../../src/store/move/entities.ts'
import { openFileSource } from '../../../src/store/move/file.ts'
import type { Row } from '../../../src/store/move/row.ts'
import { runToBase } from '../../../src/store/move/runs.ts'
import { join } from '../../../src/store/postgres/cluster/members.ts'
import type { Session } from '../../../src/store/postgres/database/session.ts'
import { deltas } from '../../../src/store/postgres/runs/writing.ts'
import { getTableColumns, sql } from '../../../src/store/postgres/sql/drizzle.ts'
import * as schema from '../../../src/store/postgres/sql/schema/tables.ts'
import { temporaryFile } from '../temporary.ts'
import { anotherProgram, openedPostgres } from './database.ts'
import { copyEmptyDatabase } from './migrated-file.ts'
import { openTestPostgres } from './postgres.ts'
import { connect } from './store.ts'

/** Rows as the Python program writes them beside a dashboard: into its file, or into one that is moved to PostgreSQL. */
export async function writeAsPython(db: string, write: (file: Database.Database) => void): Promise<void> {
  if (!isPostgres(db)) {
    const file = connect(db)
    return file.transaction(() => write(file))()
  }
  const path = temporaryFile('python.db')
  copyEmptyDatabase(path)
  const file = new Database(path)
  file.pragma('foreign_keys = OFF')
  file.transaction(() => write(file))()
  file.close()
  await moveBeside(path, db)
}

/** The program's own move is for a database that nobody uses. */
async function moveBeside(path: string, db: string): Promise<void> {
  const source = openFileSource(path, { texts: 0, numbers: 0 })
  const store = openedPostgres(db) ?? (await openTestPostgres({ url: db })).store
  const all = await Promise.all(
    entities.map(async (entity) => ({ entity, rows: await source.read({ entity, after: null, max: 100_000 }) })),
  )
  await source.close()
  await store.write(async (session) => {
    for (const { entity, rows } of all) {
      if (entity === runs) await addRuns(session, rows)
      else if (rows.length > 0) await session.db.insert(entity.base).values(rows.map((row) => rowOf(entity, row)))
    }
    await session.run(sql`SELECT pg_notify('configurable_agents_changed', ${anotherProgram})`)
  })
  await store.heard()
}

const atOnce = 400

/** As the move adds them, behind those of the same moment that are there. */
async function addRuns(session: Session, moved: Row[]): Promise<void> {
  const { db, run, rows } = session
  const owner = moved.some(({ status }) => !hasEnded(status as string))
    ? await join(session, anotherProgram, '1.0', hourMs)
    : null
  const taken = new Set((await rows<{ seq: number }>(sql`SELECT seq FROM runs`)).map(({ seq }) => seq))
  for (let from = 0; from < moved.length; from += atOnce) {
    const some = moved.slice(from, from + atOnce).map(runToBase)
    for (const { run } of some) {
      while (taken.has(run.seq as number)) run.seq = (run.seq as number) + 1
      taken.add(run.seq as number)
      run.owner = owner
    }
    await db.insert(schema.runs).values(some.map(({ run }) => run) as (typeof schema.runs.$inferInsert)[])
    await db.insert(schema.runTexts).values(some.map(({ texts }) => texts) as (typeof schema.runTexts.$inferInsert)[])
    const places = sql`seq = ANY(${sql.param(some.map(({ run }) => run.seq))}::bigint[])`
    await run(deltas(sql`SELECT 1 AS sign, seq, agent, status, duration, tokens, cost FROM runs WHERE ${places}`))
    await run(sql`INSERT INTO run_search_queue SELECT seq FROM runs WHERE ${places}`)
  }
}

/** Numbers of rows are given anew: others are there already. */
function rowOf({ base, toBase }: Entity, row: Row): Row {
  const numbers = Object.entries(getTableColumns(base)).filter(([, column]) => column.getSQLType() === 'bigserial')
  const given = Object.entries(toBase?.(row) ?? row)
  return Object.fromEntries(given.filter(([name]) => !numbers.some(([number]) => number === name)))
}
