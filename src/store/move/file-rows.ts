import type Database from 'better-sqlite3'
import { createDashboardState } from '../sqlite/file/dashboard-state.ts'
import { drizzle, getTableColumns, getTableName, type SQLiteTable, sql } from '../sqlite/sql/drizzle.ts'
import * as schema from '../sqlite/sql/schema/tables.ts'
import { moveKey } from '../unfinished-move.ts'
import { type Changes, canonical } from './canonical.ts'
import { type Entity, runs } from './entities.ts'
import type { Row } from './row.ts'
import { runFromFile, runToFile } from './runs.ts'
import type { Progress, Read, Target } from './side.ts'
import { backwards, behind, renamed } from './tables.ts'

const rowid = sql<number>`rowid`

export function fileSide(sqlite: Database.Database, file: string, changes: Changes) {
  const db = drizzle(sqlite)

  function rowsOf(entity: Entity, after: unknown[] | null, max: number): Row[] {
    if (entity === runs) return runsAfter(after, max)
    const columns = getTableColumns(entity.file)
    const selected = entity.key[0] === 'number' ? { ...columns, number: rowid } : columns
    const names = backwards(entity.renamed)
    const order = entity.key.map((name) => {
      const column = columns[names[name] ?? name]
      return column ? sql`${column}` : rowid
    })
    const where = behind({ columns: order, after, where: entity.inFile })
    const found = db.select(selected).from(entity.file).where(where)
    return found
      .orderBy(...order)
      .limit(max)
      .all()
      .map((row) => renamed(entity.fromFile?.(row) ?? row, entity.renamed))
  }

  function runsAfter(after: unknown[] | null, max: number): Row[] {
    const where = after ? sql`run_index.seq > ${after[0]}` : sql`true`
    return db
      .select({ ...getTableColumns(schema.workflowRuns), seq: schema.runIndex.seq })
      .from(schema.runIndex)
      .innerJoin(schema.workflowRuns, sql`workflow_runs.id = run_index.run_id`)
      .where(where)
      .orderBy(schema.runIndex.seq)
      .limit(max)
      .all()
      .map((row) => runFromFile(row, changes))
  }

  return {
    name: file,
    identity: file,

    count: async ({ file: table, inFile = 'true' }: Entity) =>
      Number(
        sqlite
          .prepare(`SELECT count(*) FROM "${getTableName(table)}" WHERE ${inFile}`)
          .pluck()
          .get(),
      ),

    read: async ({ entity, after, max }: Read) => rowsOf(entity, after, max).map((row) => canonical(row, changes)),

    close: async () => void sqlite.close(),
  }
}

export function fileWrites(sqlite: Database.Database): Pick<Target, 'progress' | 'add' | 'keep' | 'finish'> {
  const inserts = new Map<Entity, (row: Row) => void>()
  const seqOf = sqlite.prepare<[unknown], number>('SELECT seq FROM run_index WHERE run_id = ?').pluck()
  const moveEntry = sqlite.prepare('UPDATE run_index SET seq = ? WHERE run_id = ?')
  const moveWaiting = sqlite.prepare('UPDATE run_search_queue SET seq = ? WHERE seq = ?')
  const state = createDashboardState({ db: drizzle(sqlite) })
  const keep = (progress: Progress) => state.set(moveKey, JSON.stringify(progress))

  function insertInto(table: SQLiteTable, hasNumber: boolean): (row: Row) => void {
    const columns = Object.entries(getTableColumns(table))
    const names = [...(hasNumber ? ['rowid'] : []), ...columns.map(([, { name }]) => `"${name}"`)]
    const statement = sqlite.prepare(
      `INSERT INTO "${getTableName(table)}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    )
    return (row) => {
      const values = columns.map(([name, column]) => {
        const value = row[name] ?? null
        if (value !== null) return column.mapToDriverValue(value)
        // What nobody could read was something else.
        return column.notNull ? '' : null
      })
      statement.run(...(hasNumber ? [row.number, ...values] : values))
    }
  }

  function addRun(row: Row, insert: (row: Row) => void): void {
    insert(runToFile(row))
    const given = seqOf.get(row.id)
    if (given === row.seq) return
    moveEntry.run(row.seq, row.id)
    moveWaiting.run(row.seq, given)
  }

  const addAll = sqlite.transaction((entity: Entity, rows: Row[], progress: Progress) => {
    const insert = inserts.get(entity) ?? insertInto(entity.file, entity.key[0] === 'number')
    inserts.set(entity, insert)
    for (const row of rows) {
      if (entity === runs) addRun(row, insert)
      else {
        const own = renamed(row, backwards(entity.renamed))
        insert(entity.toFile?.(own) ?? own)
      }
    }
    keep(progress)
  })

  return {
    async progress() {
      const text = state.get(moveKey)
      return text === undefined ? undefined : JSON.parse(text)
    },
    add: async (entity, rows, progress) => addAll.immediate(entity, rows, progress),
    keep: async (progress) => keep(progress),
    finish: async () => void sqlite.pragma('wal_checkpoint(TRUNCATE)'),
  }
}
