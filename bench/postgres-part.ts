import type pg from 'pg'
import type { RunTexts } from '../src/store/ports/run-selection.ts'
import { wordsOf } from '../src/store/postgres/history/search-index.ts'
import { rowOfRecord } from '../src/store/postgres/runs/record.ts'
import { getTableColumns, type PgTable } from '../src/store/postgres/sql/drizzle.ts'
import { runs, runTexts } from '../src/store/postgres/sql/schema/runs.ts'
import { firstPart, type HistorySize } from './sample-runs.ts'

const atOnce = 2000
/** What is packed here would stay so in the copies. */
const unpacked = 4080

type Rows = Record<'sample_runs' | 'sample_texts' | 'sample_words' | 'sample_search', object[]>

/** Tables of this connection with the rows that the program would write of the first part, and their words, each set once. */
export async function makeFirstPart(client: pg.Client, size: HistorySize): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE sample_runs (LIKE runs);
    CREATE TEMP TABLE sample_texts (LIKE run_texts);
    CREATE TEMP TABLE sample_words (number integer, words tsvector) WITH (toast_tuple_target = ${unpacked});
    CREATE TEMP TABLE sample_search (seq bigint, number integer)`)
  const numberOf = numbers()
  let rows = none()
  for (const { seq, number: _, ...run } of firstPart(size)) {
    const row = rowOfRecord(run)
    const { number, isNew } = numberOf(run)
    rows.sample_runs.push(named(runs, { seq, holdsSlot: false, ...row.run }))
    rows.sample_texts.push(named(runTexts, row.texts))
    rows.sample_search.push({ seq, number })
    if (isNew) rows.sample_words.push({ number, words: wordsOf(run) })
    if (rows.sample_runs.length < atOnce) continue
    await insert(client, rows)
    rows = none()
  }
  await insert(client, rows)
  await client.query('ANALYZE sample_runs; ANALYZE sample_texts; ANALYZE sample_words; ANALYZE sample_search')
}

const none = (): Rows => ({ sample_runs: [], sample_texts: [], sample_words: [], sample_search: [] })

/** To take texts apart takes longer than all the rest, and most come again. */
function numbers() {
  const ofTexts = new Map<string | null, number>()
  const ofAll = new Map<string, number>()
  const numberIn = <Key>(known: Map<Key, number>, key: Key) => {
    const isNew = !known.has(key)
    if (isNew) known.set(key, known.size)
    return { number: known.get(key)!, isNew }
  }
  return ({ inputs, outputs, error }: RunTexts) =>
    numberIn(ofAll, `${[inputs, outputs, error].map((text) => numberIn(ofTexts, text).number)}`)
}

function named(table: PgTable, row: object): object {
  const columns = getTableColumns(table)
  const known = Object.entries(row).filter(([, value]) => value !== null)
  return Object.fromEntries(known.map(([key, value]) => [columns[key]!.name, value]))
}

/** All rows as one value: far fewer to send than one for each column of each. */
async function insert(client: pg.Client, rows: Rows): Promise<void> {
  for (const [table, some] of Object.entries(rows)) {
    await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
      JSON.stringify(some),
    ])
  }
}
