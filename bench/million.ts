import Database from 'better-sqlite3'
import { systemClock } from '../src/shared/time/clock.ts'
import { openStore } from '../src/store/sqlite/file/open.ts'
import { createSearchIndex } from '../src/store/sqlite/history/search-index.ts'
import { toDatetime } from '../src/store/sqlite/sql/datetime.ts'
import { createRandom } from '../test/support/random.ts'

const hourMs = 3_600_000
const yearMs = 365 * 24 * hourMs
const placesPerMs = 4096
const syllables = 'ra to mi ne sol ka ver lun pe dra qui st or an el be cu fi go hy'.split(' ')
const differentWords = 30_000
const paragraphs = 50_000
const paragraphsInRun = 7
const bytesOfKeys = 80
const bytesInWord = 6
const topics = ['ai safety', 'databases', 'climate policy', 'weather', 'jazz', 'protein folding', 'football', 'rome']
const errors = [
  'Cannot connect to agent: connection refused',
  'The agent answered 500: out of memory',
  'Timed out after 120 s',
]

/** Words by how often they stand in the history; a phrase; and a field that some runs have. */
export const searches = { common: 'safety', rare: 'zanzibar', phrase: '"climate policy"', field: 'out.word_count>870' }

export type HistorySize = { runs: number; agents: number; payloadBytes: number }

/**
 * Writes a database as a year of some agents and some of Python's own workflows leaves it: about so many bytes of
 * payloads a run, nine of ten completed. Rows, index, sums and words are written in bulk, without the triggers, to the same effect.
 */
export async function writeMillion(path: string, agentUrl: string, size: HistorySize): Promise<void> {
  const store = openStore(path, systemClock)
  // Else the program would take the words of all runs in anew, while it is measured.
  createSearchIndex(store, systemClock.elapsed).begin()
  await store.close()
  const sqlite = new Database(path)
  // Else the journal cannot be switched off.
  sqlite.unsafeMode()
  sqlite.pragma('journal_mode = OFF')
  sqlite.pragma('synchronous = OFF')
  sqlite.pragma('cache_size = -400000')
  const restore = withoutTriggersAndIndexes(sqlite)
  sqlite.exec(`
    INSERT INTO run_search (run_search, rank) VALUES ('hashsize', 67108864);
    INSERT INTO run_search (run_search, rank) VALUES ('crisismerge', 16);`)
  sqlite.transaction(() => {
    addAgents(sqlite, agentUrl, size.agents)
    addRuns(sqlite, size)
    addSums(sqlite)
  })()
  restore()
  sqlite.exec(`
    INSERT INTO run_search (run_search, rank) VALUES ('hashsize', 1048576);
    INSERT INTO run_search (run_search, rank) VALUES ('crisismerge', 1999);`)
  sqlite.pragma('journal_mode = WAL')
  sqlite.close()
}

function withoutTriggersAndIndexes(sqlite: Database.Database): () => void {
  const found = sqlite
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE type = 'trigger' OR (type = 'index' AND tbl_name = 'run_index' AND sql IS NOT NULL)",
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

function addRuns(sqlite: Database.Database, { runs, agents, payloadBytes }: HistorySize): void {
  const random = createRandom(7)
  const oneOf = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  const vocabulary = Array.from({ length: differentWords }, (_, index) => wordNumber(index + 1))
  // The more common a word, the shorter, as with real ones.
  const word = () => vocabulary[Math.floor(differentWords ** random()) - 1]!
  const wordsInParagraph = Math.ceil((payloadBytes - bytesOfKeys) / paragraphsInRun / bytesInWord)
  const text = Array.from({ length: paragraphs }, () => Array.from({ length: wordsInParagraph }, word).join(' '))
  const addRun = sqlite.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_workflow, status, inputs, outputs, error_message,
      started_at, completed_at, duration_seconds, total_tokens, total_cost_usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addEntry = sqlite.prepare(
    `INSERT INTO run_index (seq, run_id, agent, agent_id, workflow, status, started_at, completed_at, duration, tokens,
      cost, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const addWords = sqlite.prepare(
    'INSERT INTO run_search (rowid, inputs, outputs, error) VALUES (CAST(? AS INTEGER), ?, ?, ?)',
  )
  const end = Date.now() - 60_000
  for (let index = 0; index < runs; index++) {
    const at = Math.floor(end - yearMs + (index / runs) * yearMs)
    const isLocal = index % 50 === 49
    const agent = isLocal ? oneOf(['report', 'digest', 'cleanup']) : `agent-${Math.floor(random() ** 1.5 * agents)}`
    const workflow = isLocal ? null : `${agent}-workflow-${index % 2}`
    const luck = random()
    const status = luck < 0.9 ? 'completed' : luck < 0.97 ? 'failed' : luck < 0.99 ? 'cancelled' : 'lost'
    const seconds = Math.round(Math.exp(random() * 4 + random() * 3) * 1000) / 1000
    const isDone = status === 'completed'
    const tokens = isDone && random() < 0.8 ? Math.floor(random() * 5000) : null
    const cost = tokens === null ? null : tokens * 2e-6
    const error = status === 'failed' ? oneOf(errors) : null
    const topic = oneOf(topics) + (index % Math.floor(runs / 20) === 7 ? ` ${searches.rare}` : '')
    const notes = `${oneOf(text)} ${oneOf(text)}`
    const result = `${oneOf(text)} ${oneOf(text)} ${oneOf(text)} ${oneOf(text)} ${oneOf(text)}`
    const words = Math.floor(random() * 900)
    const score = (random() * 10).toFixed(2)
    const id = `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`
    const started = toDatetime(at)
    const completed = toDatetime(at + seconds * 1000)
    const inputs = `{"topic": "${topic}", "notes": "${notes}"}`
    const outputs = isDone ? `{"result": "${result}", "word_count": ${words}, "score": ${score}}` : null
    const agentId = isLocal ? null : agent
    addRun.run(id, agent, agentId, workflow, status, inputs, outputs, error, started, completed, seconds, tokens, cost)
    const seq = at * placesPerMs
    addEntry.run(seq, id, agent, agentId, workflow ?? agent, status, started, completed, seconds, tokens, cost, error)
    addWords.run(seq, `${topic}\n${notes}`, outputs ? `${result}\n${words}\n${score}` : '', error ?? '')
  }
}

function wordNumber(number: number): string {
  let word = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length]
  return word
}

function addSums(sqlite: Database.Database): void {
  const numbers = `count(*), coalesce(sum(duration), 0), count(duration), coalesce(sum(tokens), 0), coalesce(sum(cost), 0)`
  const insert = (table: string, ms: number, by: string) =>
    sqlite.exec(
      `INSERT INTO ${table} SELECT seq / ${placesPerMs * ms} AS at, ${by}, ${numbers} FROM run_index GROUP BY at, ${by}`,
    )
  insert('run_hours', hourMs, 'agent, status')
  insert('run_days', 24 * hourMs, 'agent, status')
  insert('run_totals', 24 * hourMs, 'status')
}
