import type pg from 'pg'
import { createSession, type Session } from '../postgres/database/session.ts'
import { getState, setState } from '../postgres/database/state.ts'
import { createFolding } from '../postgres/runs/folding.ts'
import type { RunRow } from '../postgres/runs/record.ts'
import { deltas } from '../postgres/runs/writing.ts'
import { asc, eq, getTableColumns, getTableConfig, is, PgTable, sql } from '../postgres/sql/drizzle.ts'
import * as schema from '../postgres/sql/schema/tables.ts'
import { moveKey } from '../unfinished-move.ts'
import { type Changes, canonical } from './canonical.ts'
import { type Entity, runs } from './entities.ts'
import type { Row } from './row.ts'
import { runFromBase, runToBase } from './runs.ts'
import type { Progress, Read, Target } from './side.ts'
import { behind } from './tables.ts'

export const baseTables = Object.values<unknown>(schema).filter((one): one is PgTable => is(one, PgTable))

export async function baseSide(client: pg.Client, name: string, changes: Changes) {
  const session = createSession(client)
  const { db } = session
  const oid = await session.first<{ oid: number }>(
    sql`SELECT oid::int AS oid FROM pg_database WHERE datname = current_database()`,
  )

  async function rowsOf({ base: table, key, inBase }: Entity, after: unknown[] | null, max: number): Promise<Row[]> {
    const columns = getTableColumns(table)
    const order = key.map((one) => {
      const column = columns[one]!
      // By its bytes, as SQLite does.
      return column.getSQLType().startsWith('text') ? sql`${column} COLLATE "C"` : sql`${column}`
    })
    const where = behind({ columns: order, after, where: inBase })
    return db
      .select()
      .from(table)
      .where(where)
      .orderBy(...order)
      .limit(max)
  }

  const runsAfter = async (after: unknown[] | null, max: number): Promise<Row[]> => {
    const found = await db
      .select({ run: schema.runs, texts: schema.runTexts })
      .from(schema.runs)
      .innerJoin(schema.runTexts, eq(schema.runTexts.runId, schema.runs.id))
      .where(after ? sql`seq > ${after[0]}` : sql`true`)
      .orderBy(asc(schema.runs.seq))
      .limit(max)
    return found.map((row) => runFromBase(row as RunRow))
  }

  return {
    name,
    identity: `${name} ${oid!.oid}`,

    async count({ base: table, inBase = 'true' }: Entity) {
      const counted = await session.first<{ rows: number }>(
        sql`SELECT count(*) AS rows FROM ${table} WHERE ${sql.raw(inBase)}`,
      )
      return counted!.rows
    },

    async read({ entity, after, max }: Read) {
      const found = entity === runs ? await runsAfter(after, max) : await rowsOf(entity, after, max)
      return found.map(({ digest: _, ...row }) => canonical(row, changes))
    },

    close: () => client.end(),
  }
}

export function baseWrites(client: pg.Client): Pick<Target, 'progress' | 'add' | 'keep' | 'finish'> {
  const session = createSession(client)

  async function inTransaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    await client.query('BEGIN')
    try {
      const value = await work(session)
      await client.query('COMMIT')
      return value
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  async function addRuns(rows: Row[]): Promise<void> {
    const moved = rows.map(runToBase)
    await session.db.insert(schema.runs).values(moved.map(({ run }) => run) as (typeof schema.runs.$inferInsert)[])
    await session.db
      .insert(schema.runTexts)
      .values(moved.map(({ texts }) => texts) as (typeof schema.runTexts.$inferInsert)[])
    const places = sql`seq = ANY(${sql.param(rows.map(({ seq }) => seq))}::bigint[])`
    await session.run(
      deltas(sql`SELECT 1 AS sign, seq, agent, status, duration, tokens, cost FROM runs WHERE ${places}`),
    )
    await session.run(sql`INSERT INTO run_search_queue SELECT seq FROM runs WHERE ${places}`)
  }

  const keep = (progress: Progress) => setState(session, moveKey, JSON.stringify(progress))

  return {
    async progress() {
      const kept = (await getState(session, [moveKey]))[moveKey]
      return kept === undefined ? undefined : JSON.parse(kept)
    },

    keep,

    add: (entity, rows, progress) =>
      inTransaction(async () => {
        if (entity === runs) await addRuns(rows)
        else await session.db.insert(entity.base).values(rows.map((row) => entity.toBase?.(row) ?? row))
        await keep(progress)
      }),

    async finish() {
      await createFolding({ write: inTransaction }).fold()
      for (const table of baseTables) {
        const { name, columns } = getTableConfig(table)
        for (const column of columns.filter((one) => one.getSQLType() === 'bigserial')) {
          const [of, from] = [sql.raw(`"${column.name}"`), sql.raw(`"${name}"`)]
          await session.run(sql`
            SELECT setval(pg_get_serial_sequence(${name}, ${column.name}), coalesce(max(${of}), 0) + 1, false) FROM ${from}`)
        }
        await session.run(sql`ANALYZE ${sql.raw(`"${name}"`)}`)
      }
    },
  }
}
