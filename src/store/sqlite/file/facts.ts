import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { placeOf } from '../history/ranges.ts'
import { dayMs } from '../history/sums.ts'
import { fromDatetime } from '../sql/datetime.ts'
import type { Store } from './open.ts'

/** Bytes of the file, of the log of what is not in it yet, of the file's empty pages, and of what the disk has left. */
export type FileSizes = { file: number; log: number; empty: number; free: number | undefined }

/** How many rows a table has: `exact`, or `about` so many, or `more` than can be counted at once. */
export type TableRows = { name: string; rows: number; certainty: 'exact' | 'about' | 'more' }

/** When the first and the last of the runs began whose start is known; in milliseconds since 1970. */
export type RunSpan = { runs: number; oldest: number | undefined; newest: number | undefined }

/** Counting goes through all rows, so only few are counted. */
const mostCounted = 1000
/** A table whose rows are not numbered one after the other is narrow. */
const mostCountedNarrow = 10_000
/** By places, which are moments. */
const numberedOtherwise = ['run_index', 'run_search_queue', 'run_search_long']
const firstDatedPlace = placeOf(dayMs)

/** What there is to say about the file. Nothing here takes longer for more rows. */
export function createFileFacts({ db, path }: Pick<Store, 'db' | 'path'>) {
  const sqlite = db.$client
  const number = (pragma: string) => sqlite.pragma(pragma, { simple: true }) as number
  const tables = sqlite.prepare<[], { name: string; isWithoutRowid: number }>(
    `SELECT name, wr AS isWithoutRowid FROM pragma_table_list
     WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'
     ORDER BY name`,
  )
  const runs = sqlite.prepare<[], number>('SELECT coalesce(sum(runs), 0) FROM run_totals').pluck()
  const edge = (order: string) =>
    sqlite
      .prepare<[number], string>(`SELECT started_at FROM run_index WHERE seq >= ? ORDER BY seq ${order} LIMIT 1`)
      .pluck()
  const [first, last] = [edge('ASC'), edge('DESC')]
  const version = sqlite.prepare<[], string>('SELECT sqlite_version()').pluck()

  function rowsOf(name: string, isNumbered: boolean): TableRows {
    const table = `"${name.replaceAll('"', '""')}"`
    const most = isNumbered ? mostCounted : mostCountedNarrow
    const counted = one(`SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT ${most + 1})`)
    if (counted <= most) return { name, rows: counted, certainty: 'exact' }
    if (!isNumbered) return { name, rows: most, certainty: 'more' }
    const numbers = `(SELECT max(rowid) FROM ${table}) - (SELECT min(rowid) FROM ${table}) + 1`
    return { name, rows: one(`SELECT ${numbers}`), certainty: 'about' }
  }

  const one = (sql: string) => sqlite.prepare<[], number>(sql).pluck().get()!

  return {
    sizes(): FileSizes {
      const { blocks, bavail, bsize } = statfsSync(dirname(path))
      return {
        file: sizeOf(path),
        log: sizeOf(`${path}-wal`),
        empty: number('freelist_count') * number('page_size'),
        free: blocks === 0 ? undefined : bavail * bsize,
      }
    },

    /** Of all tables in the file, whoever they belong to. */
    tables: (): TableRows[] =>
      tables
        .all()
        .map(({ name, isWithoutRowid }) => rowsOf(name, isWithoutRowid === 0 && !numberedOtherwise.includes(name))),

    /** As far as the index of the history knows. */
    runs(): RunSpan {
      const at = (text: string | undefined) => (text === undefined ? undefined : fromDatetime(text))
      return { runs: runs.get()!, oldest: at(first.get(firstDatedPlace)), newest: at(last.get(firstDatedPlace)) }
    },

    sqliteVersion: (): string => version.get()!,
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
