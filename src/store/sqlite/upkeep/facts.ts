import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { firstDatedSeq } from '../../history/ranges.ts'
import type { StoreFacts, TableRows } from '../../ports/upkeep.ts'
import type { Store } from '../file/open.ts'
import { fromDatetime } from '../sql/datetime.ts'

const maxCounted = 1000
/** Such a table is narrow. */
const maxCountedNarrow = 10_000
const numberedOtherwise = ['run_index', 'run_input_lines', 'run_search_queue', 'run_search_long']

/** Nothing here takes longer for more rows. */
export function createFileFacts({ db, path }: Pick<Store, 'db' | 'path'>): () => Omit<StoreFacts, 'states'> {
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
    const max = isNumbered ? maxCounted : maxCountedNarrow
    const counted = one(`SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT ${max + 1})`)
    if (counted <= max) return { name, rows: counted, certainty: 'exact' }
    if (!isNumbered) return { name, rows: max, certainty: 'more' }
    const numbers = `(SELECT max(rowid) FROM ${table}) - (SELECT min(rowid) FROM ${table}) + 1`
    return { name, rows: one(`SELECT ${numbers}`), certainty: 'about' }
  }

  const one = (sql: string) => sqlite.prepare<[], number>(sql).pluck().get()!

  function sizes(): StoreFacts['sizes'] {
    const { blocks, bavail, bsize } = statfsSync(dirname(path))
    return {
      data: sizeOf(path),
      log: sizeOf(`${path}-wal`),
      reusable: number('freelist_count') * number('page_size'),
      free: blocks === 0 ? undefined : bavail * bsize,
    }
  }

  /** As far as the index of the history knows. */
  function extent(): StoreFacts['runs'] {
    const at = (text: string | undefined) => (text === undefined ? undefined : fromDatetime(text))
    return { runs: runs.get()!, oldest: at(first.get(firstDatedSeq)), newest: at(last.get(firstDatedSeq)) }
  }

  return () => ({
    sizes: sizes(),
    tables: tables
      .all()
      .map(({ name, isWithoutRowid }) => rowsOf(name, isWithoutRowid === 0 && !numberedOtherwise.includes(name))),
    runs: extent(),
    engine: 'SQLite',
    version: version.get()!,
  })
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
