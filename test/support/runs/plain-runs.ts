import type { Database } from 'better-sqlite3'
import type { RunFilter, RunSort } from '../../../src/orchestrator/history/filter.ts'
import { matches } from '../../../src/orchestrator/history/search/match.ts'
import { indexedText } from '../../../src/shared/search/text.ts'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'

/** A run as a test thinks of it. */
export type PlainRun = {
  id: string
  agent: string
  agentId: string | null
  workflow: string | null
  status: string
  by: string | null
  /** Milliseconds, or a text that is no time. */
  startedAt: number | string
  duration: number | null
  cost: number | null
  tokens: number | null
  inputs: string | null
  outputs: string | null
  error: string | null
}

/** Its words are in the index, have yet to be, or others are that it had before. */
export type Indexed = 'indexed' | 'waiting' | 'outdated'

/** Writes a run as it may come, from us or from the Python program. */
export function writeRun(sqlite: Database, run: PlainRun, indexed: Indexed): void {
  const started = typeof run.startedAt === 'number' ? toDatetime(run.startedAt) : run.startedAt
  sqlite
    .prepare(
      `INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_workflow, status, started_at, duration_seconds,
        total_cost_usd, total_tokens, inputs, outputs, error_message, started_by_name)
       VALUES (@id, @agent, @agentId, @workflow, @status, @started, @duration, @cost, @tokens, @inputs, @outputs, @error, @by)`,
    )
    .run({ ...run, started })
  if (indexed === 'indexed') indexWords(sqlite, run)
  if (indexed === 'outdated') {
    indexWords(sqlite, { ...run, inputs: 'safety', outputs: 'jazz', error: 'rome' })
    sqlite.prepare("UPDATE workflow_runs SET inputs = 'new' WHERE id = ?").run(run.id)
    sqlite.prepare('UPDATE workflow_runs SET inputs = ? WHERE id = ?').run(run.inputs, run.id)
  }
}

function indexWords(sqlite: Database, { id, inputs, outputs, error }: PlainRun): void {
  const seq = sqlite.prepare('SELECT seq FROM run_index WHERE run_id = ?').pluck().get(id)
  sqlite
    .prepare('INSERT INTO run_search (rowid, inputs, outputs, error) VALUES (CAST(? AS INTEGER), ?, ?, ?)')
    .run(seq, indexedText(inputs), indexedText(outputs), indexedText(error))
  sqlite.prepare('DELETE FROM run_search_queue WHERE seq = ?').run(seq)
}

/** The runs that a filter means, in an order, by looking at each. `runs` are in the order in which they were written. */
export function naiveList<Run extends PlainRun>(
  runs: Run[],
  registered: string[],
  filter: RunFilter,
  sort: RunSort,
): Run[] {
  const isDescending = !sort.startsWith('-')
  const by = isDescending ? sort : sort.slice(1)
  const value = (run: PlainRun) => (by === 'duration' || by === 'cost' || by === 'tokens' ? run[by] : 0)
  const inPlace = runs
    .map((run, number) => ({ run, number, at: startOf(run) ?? 0 }))
    .sort((a, b) => a.at - b.at || a.number - b.number)
    .map(({ run }) => run)
  return (isDescending ? inPlace.reverse() : inPlace)
    .filter((run) => isMeant(run, registered, filter))
    .sort((a, b) => {
      const [one, other] = [value(a), value(b)]
      if (one === null || other === null) return Number(one === null) - Number(other === null)
      return isDescending ? other - one : one - other
    })
}

function isMeant(run: PlainRun, registered: string[], filter: RunFilter): boolean {
  const { agents, statuses, workflow, from, to, longerThanSeconds, search } = filter
  const isLocal = run.agentId === null && !registered.includes(run.agent)
  const at = startOf(run)
  const shown = run.workflow ?? run.agent
  return (
    (agents.length === 0 || agents.includes(run.agent) || (agents.includes('/local') && isLocal)) &&
    (statuses.length === 0 || statuses.includes(run.status)) &&
    (workflow === undefined || workflow === shown) &&
    (from === undefined || (at !== undefined && from <= at)) &&
    (to === undefined || (at !== undefined && at < to)) &&
    (longerThanSeconds === undefined || (run.duration !== null && run.duration > longerThanSeconds)) &&
    search.every((term) => matches(term, { ...run, workflow: shown, started: at ?? Number.NaN }))
  )
}

const startOf = ({ startedAt }: PlainRun) => (typeof startedAt === 'number' ? startedAt : undefined)
