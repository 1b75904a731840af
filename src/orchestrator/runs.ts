import { type FieldError, InvalidInputError, NotFoundError } from '../errors.ts'
import { looseValue } from '../json.ts'
import type { ExchangeRow, RunEventRow } from '../store/run-log.ts'
import type { ListedRunRow, RunFilter, RunPlace, RunRow, RunTable } from '../store/runs.ts'
import { createMemo } from './memo.ts'
import type { Registry } from './registry.ts'

/** A run in a list. Times are milliseconds since 1970, NaN where the database holds something unreadable. */
export type ListedRun = {
  id: string
  /** Undefined for a run that the Python program carried out itself. */
  agentId: string | undefined
  workflow: string
  status: string
  startedAt: number
  completedAt: number | null
  durationSeconds: number | null
  totalTokens: number | null
  totalCostUsd: number | null
}

/** One run, with its payloads as the texts that stand in the database. */
export type Run = ListedRun & {
  inputs: string | null
  outputs: string | null
  error: string | null
  /** What the agent said of single inputs when it refused them. */
  errorFields: FieldError[]
  /** Dotted names of inputs that were sent and are not kept. */
  withheld: string[]
  /** The schema that the inputs were written for. */
  schemaText: string | null
  jobId: string | null
  agentUrl: string | null
  polls: number | null
  rerunOf: string | null
}

/** A run with all that happened to it, and the runs that repeat it. */
export type RunHistory = { run: Run; events: RunEventRow[]; exchanges: ExchangeRow[]; reruns: string[] }

/** What a URL of the run list asks for. `agent` is an agent's id, or `localRuns` for runs of no agent. */
export type RunQuery = {
  agent?: string | undefined
  status?: string | undefined
  older?: string | undefined
  newer?: string | undefined
}

/** Stands where an agent's id could; no id holds a slash. */
const localRuns = '/local'
const pageSize = 50

export type RunList = {
  query: RunQuery
  runs: ListedRun[]
  /** How many runs the agent filter leaves, of each status and in all. */
  counts: Map<string, number>
  total: number
  /** Agents that can be filtered by: the registered ones, and those that have runs. */
  agents: { id: string; name: string | undefined }[]
  /** The value of `agent` that asks for runs of no agent. */
  localRuns: string
  /** What `older` and `newer` of the neighbouring pages have to be; undefined where there is no such page. */
  older: string | undefined
  newer: string | undefined
}

export type Runs = ReturnType<typeof createRuns>

/** Reads the history. What was read is kept for as long as nobody changes the database. */
export function createRuns(table: RunTable, registry: Registry, revision: () => string) {
  const memo = createMemo(revision)

  function list(query: RunQuery): RunList {
    const filter = toFilter(query)
    const olderThan = query.older === undefined ? undefined : readPlace(query.older, 'older')
    const newerThan = query.newer === undefined ? undefined : readPlace(query.newer, 'newer')
    // One more than is shown tells whether the list goes on.
    const rows = table.list(filter, { olderThan, newerThan, size: pageSize + 1 })
    const isBackwards = newerThan !== undefined && olderThan === undefined
    const goesOn = rows.length > pageSize
    const shown = isBackwards ? rows.slice(-pageSize) : rows.slice(0, pageSize)
    const counts = countsOf(filter)
    return {
      query,
      runs: shown.map(fromRow),
      counts,
      total: [...counts.values()].reduce((sum, runs) => sum + runs, 0),
      agents: agentsToChoose(),
      localRuns,
      older: (isBackwards ? shown.length > 0 : goesOn) ? writePlace(shown.at(-1)!) : undefined,
      newer: (isBackwards ? goesOn : olderThan !== undefined && shown.length > 0) ? writePlace(shown[0]!) : undefined,
    }
  }

  const countsOf = (filter: RunFilter) =>
    memo(`counts ${JSON.stringify([filter.agent, filter.isLocal])}`, () => table.countByStatus(filter))

  const agentsToChoose = () =>
    memo('agents', () => {
      const registered = registry.all().map(({ id, name }) => ({ id, name: name as string | undefined }))
      const removed = table.agentIds().filter((id) => !registry.has(id))
      return [...registered, ...removed.map((id) => ({ id, name: undefined }))]
    })

  function fromRow(row: ListedRunRow | RunRow): ListedRun {
    // A run of an agent that Python recorded says so only by its workflow_name being the agent's id.
    const agentId = row.agentId ?? (registry.has(row.workflowName) ? row.workflowName : undefined)
    return {
      id: row.id,
      agentId,
      workflow: row.agentWorkflow ?? row.workflowName,
      status: row.status,
      startedAt: row.startedAt,
      completedAt: row.completedAt,
      durationSeconds: row.durationSeconds,
      totalTokens: row.totalTokens,
      totalCostUsd: row.totalCostUsd,
    }
  }

  function get(id: string): Run {
    const row = table.get(id)
    if (!row) throw new NotFoundError('run', id)
    const { jobId, agentUrl, polls, rerunOf, schemaHash } = row
    return {
      ...fromRow(row),
      inputs: textOf(row.inputs),
      outputs: textOf(row.outputs),
      error: textOf(row.errorMessage),
      errorFields: listOf(row.errorFields),
      withheld: listOf(row.withheld),
      schemaText: schemaHash === null ? null : table.schema(schemaHash),
      jobId,
      agentUrl,
      polls,
      rerunOf,
    }
  }

  return {
    /** Throws InvalidInputError when the query names a place that is none. */
    list: (query: RunQuery): RunList => memo(`list ${JSON.stringify(query)}`, () => list(query)),

    /** Throws NotFoundError. */
    get,

    /** Throws NotFoundError. */
    history: (id: string): RunHistory => ({
      run: get(id),
      events: table.events(id),
      exchanges: table.exchanges(id),
      reruns: table.rerunsOf(id),
    }),

    countOf: (query: RunQuery): number => [...countsOf(toFilter(query)).values()].reduce((sum, runs) => sum + runs, 0),

    /** Numbers for the overview. `since` is the start of the day. */
    summary: (since: number) =>
      memo(`summary ${since}`, () => ({
        running: table.countOf('running') + table.countOf('pending'),
        today: table.countSince(since),
        latestFailures: table.latestFailures(5).map((row) => ({ ...fromRow(row), error: textOf(row.errorMessage) })),
      })),
  }
}

/** SQLite keeps what it is given, whatever the type of the column: another program may have left a number or bytes. */
function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : String(value)
}

/** A JSON list that we wrote into the row. */
function listOf<T>(json: string | null): T[] {
  const value = json === null ? undefined : looseValue(json)
  return Array.isArray(value) ? value : []
}

function toFilter({ agent, status }: RunQuery): RunFilter {
  return agent === localRuns ? { isLocal: true, status } : { agent, status }
}

function writePlace({ startedAtText, id }: { startedAtText: string; id: string }): string {
  return `${startedAtText}~${id}`
}

function readPlace(text: string, field: string): RunPlace {
  const at = text.indexOf('~')
  if (at < 0) throw new InvalidInputError([{ field, message: 'This link to a page of runs is not valid.' }])
  return { startedAt: text.slice(0, at), id: text.slice(at + 1) }
}
