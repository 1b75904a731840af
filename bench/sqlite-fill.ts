import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { payloadLine } from '../src/shared/json/line.ts'
import { systemClock } from '../src/shared/time/clock.ts'
import { rowOfRecord } from '../src/store/sqlite/runs/record.ts'
import { toDatetime } from '../src/store/sqlite/sql/datetime.ts'
import { getTableColumns } from '../src/store/sqlite/sql/drizzle.ts'
import { workflowRuns } from '../src/store/sqlite/sql/schema/runs.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { onceFor } from './once-for.ts'
import {
  digitsOfNumber,
  firstPart,
  type HistorySize,
  idBeforeNumber,
  partMs,
  parts,
  placesPerMs,
} from './sample-runs.ts'

const hourMs = 3_600_000
/** Of a run's error, in lists. */
const maxError = 200

/**
 * Writes sample runs in bulk, to the same effect as the program: the first part is made, the others are copied from it.
 * Words are taken in by a thread of their own, without triggers; indexes are built at the end.
 */
export async function fillSqlite(path: string, agentUrl: string, given: HistorySize): Promise<void> {
  const size = { end: Date.now() - 60_000, ...given }
  const store = openSqliteStore(path, systemClock)
  // Else the program would take the words and lines of all runs in anew, while it is measured.
  await store.history.begin()
  await store.close()
  const sqlite = openInBulk(path)
  const wordsPath = `${path}-words`
  const words = new Worker(new URL('./sqlite-words.ts', import.meta.url), { workerData: { path: wordsPath, size } })
  const restore = withoutTriggersAndIndexes(sqlite)
  sqlite.transaction(() => {
    addAgents(sqlite, agentUrl, size.agents)
    makeFirstPart(sqlite, size)
    for (let part = 0; part < parts; part++) addPart(sqlite, size, part)
    addSums(sqlite)
  })()
  restore()
  await once(words, 'exit')
  takeWords(sqlite, wordsPath)
  sqlite.pragma('journal_mode = WAL')
  sqlite.close()
}

export function openInBulk(path: string): Database.Database {
  const sqlite = new Database(path)
  // Else the journal cannot be switched off.
  sqlite.unsafeMode()
  for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -500000']) sqlite.pragma(setting)
  return sqlite
}

function withoutTriggersAndIndexes(sqlite: Database.Database): () => void {
  const found = sqlite
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE type = 'trigger' OR (type = 'index' AND tbl_name = 'run_index' AND sql IS NOT NULL) ORDER BY rowid",
    )
    .all() as { type: string; name: string; sql: string }[]
  for (const { type, name } of found) sqlite.exec(`DROP ${type} ${name}`)
  return () => {
    for (const { sql } of found) sqlite.exec(sql)
  }
}

function addAgents(sqlite: Database.Database, agentUrl: string, agents: number): void {
  const { hostname, port } = new URL(agentUrl)
  const add = sqlite.prepare(
    `INSERT INTO agents (agent_id, agent_name, host, port, base_url, agent_metadata, last_heartbeat, ttl_seconds, registered_at)
      VALUES (?, ?, ?, ?, ?, '{}', ?, 60, ?)`,
  )
  const now = toDatetime(Date.now())
  for (let index = 0; index < agents; index++) {
    const id = `agent-${index}`
    add.run(id, `Agent ${index}`, hostname, Number(port), `${agentUrl}/agent/${id}`, now, now)
  }
}

const columns = Object.entries(getTableColumns(workflowRuns)).map(([key, { name }]) => ({ key, name }))
const names = columns.map(({ name }) => name)

/** Rows of workflow_runs with their moments in milliseconds, and what else is to be known of them. */
function makeFirstPart(sqlite: Database.Database, size: HistorySize): void {
  const all = [...names, 'number', 'seq', 'line']
  sqlite.exec(`CREATE TEMP TABLE sample (${all})`)
  const add = sqlite.prepare(`INSERT INTO sample VALUES (${all.map(() => '?')})`)
  const lineOf = onceFor(payloadLine)
  for (const { number, seq, ...run } of firstPart(size)) {
    const row: Record<string, unknown> = rowOfRecord(run)
    add.run(
      columns.map(({ key }) => row[key] ?? null),
      number,
      seq,
      lineOf(run.inputs),
    )
  }
}

const moment = (name: string) => `strftime('%Y-%m-%d %H:%M:%f', (${name} + :ms) / 1000.0, 'unixepoch') || '000'`
const id = `printf('${idBeforeNumber}%0${digitsOfNumber}d', number + :numbers)`
const copied: Record<string, string> = {
  id,
  started_at: moment('started_at'),
  completed_at: moment('completed_at'),
  sent_at: moment('sent_at'),
}

function addPart(sqlite: Database.Database, size: HistorySize, part: number): void {
  const ms = BigInt(part * partMs)
  const runs = BigInt(Math.ceil(size.runs / parts))
  const shift = { ms, numbers: BigInt(part) * runs, places: ms * BigInt(placesPerMs) }
  const add = (into: string, values: string) =>
    sqlite.prepare(`INSERT INTO ${into} SELECT ${values} FROM sample ORDER BY rowid`).run(shift)
  add(`workflow_runs (${names})`, `${names.map((name) => copied[name] ?? name)}`)
  add(
    `run_index (seq, run_id, agent, agent_id, workflow, status, started_at, completed_at, duration, tokens, cost, error)`,
    `seq + :places, ${id}, workflow_name, agent_id, coalesce(agent_workflow, workflow_name), status, ${moment('started_at')},
     ${moment('completed_at')}, duration_seconds, total_tokens, total_cost_usd, substr(error_message, 1, ${maxError})`,
  )
  add('run_input_lines (seq, line)', 'seq + :places, line')
}

function addSums(sqlite: Database.Database): void {
  const numbers = `count(*), coalesce(sum(duration), 0), count(duration), coalesce(sum(tokens), 0), coalesce(sum(cost), 0)`
  const sums = 'sum(runs), sum(duration), sum(timed), sum(tokens), sum(cost)'
  sqlite.exec(`
    INSERT INTO run_hours SELECT seq / ${placesPerMs * hourMs} AS at, agent, status, ${numbers} FROM run_index GROUP BY 1, 2, 3;
    INSERT INTO run_days SELECT at / 24, agent, status, ${sums} FROM run_hours GROUP BY 1, 2, 3;
    INSERT INTO run_totals SELECT at, status, ${sums} FROM run_days GROUP BY 1, 2`)
}

/** The tables behind run_search, as FTS5 filled them in another file. */
function takeWords(sqlite: Database.Database, path: string): void {
  sqlite.prepare('ATTACH ? AS words').run(path)
  for (const table of ['run_search_data', 'run_search_idx', 'run_search_docsize']) {
    sqlite.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM words.${table}`)
  }
  sqlite.exec('DETACH words')
  for (const file of [path, `${path}.lock`]) rmSync(file, { force: true })
}
