import type { SQL } from 'drizzle-orm'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { workflowRuns } from '../sql/schema.ts'
import { statementsOf } from '../sql/statements.ts'
import { countOf, isDirect, type Way, waysOf } from './access-paths.ts'
import { createRunNames } from './names.ts'
import { startOf } from './ranges.ts'
import { createRunScan, type RunOrder, type RunPlace, type Scanned, type Steps, usualSteps } from './scan.ts'
import { createRunSelections, type RunConditions, type RunFacts, type RunPayloads } from './selection.ts'
import { idCheck } from './tests.ts'

/** What a request may cost, in microseconds or so: then what is left is left to another one. */
export type Limits = Steps & { budget: number }
export const usualLimits: Limits = { ...usualSteps, budget: 20_000 }

/** To read the payloads of a run and look at them, and for so many characters of them. */
const verifiedCost = 8
const charactersPerCost = 250
/** Rows whose payloads decide are taken from indexes so many at a time. */
const verifiedAtATime = 100

type Asked = { columns: SQL; order: RunOrder; isForward: boolean; from: RunPlace | undefined; size: number }
/** One step further: rows that are meant; how far was looked, undefined at the end; and what that cost. */
export type Step<Row> = { rows: (Row & Scanned)[]; to: RunPlace | undefined; cost: number }

export type RunReading = ReturnType<typeof createRunReading>

/** What lists, counts and figures share: the runs of a selection one by one, payloads read only where they decide. */
export function createRunReading(db: Store['db'], limits: Limits = usualLimits) {
  const ask = statementsOf(db)
  const names = createRunNames(db)
  const scan = createRunScan(db, limits)
  const payloads = db
    .select({ inputs: workflowRuns.inputs, outputs: workflowRuns.outputs, error: workflowRuns.errorMessage })
    .from(workflowRuns)
    .where(eq(workflowRuns.id, sql.placeholder('id')))
    .prepare()

  /** Undefined when the run is gone. */
  function payloadsOf(id: string): RunPayloads | undefined {
    const row = payloads.get({ id })
    return row && { inputs: textOf(row.inputs), outputs: textOf(row.outputs), error: textOf(row.error) }
  }

  function* matching<Row>(found: RunConditions, asked: Asked): Generator<Step<Row>, void, undefined> {
    const { text } = found
    const size = text && !text.isEnough ? verifiedAtATime : asked.size
    const columns = text ? sql`${asked.columns}, ${facts}` : asked.columns
    const place = ({ seq, value = null }: Scanned) => (asked.order.by === 'started' ? { seq } : { seq, value })
    for (const { rows, to, cost } of scan<Row & Partial<FactColumns>>(found, { ...asked, columns, size })) {
      const isSure = (row: Scanned) => !text || (text.isEnough && row.isUnsure === 0)
      if (rows.every(isSure)) {
        yield { rows, to, cost: Math.max(1, cost) }
        continue
      }
      for (const row of rows) {
        const read = isSure(row) ? undefined : payloadsOf(row.ofId!)
        const isMeant = isSure(row) || (read && text!.holds({ ...read, ...factsIn(row as FactColumns & Scanned) }))
        yield {
          rows: isMeant ? [row] : [],
          to: place(row),
          cost: read ? verifiedCost + charactersIn(read) / charactersPerCost : 0,
        }
      }
      yield { rows: [], to, cost: Math.max(1, cost) }
    }
  }

  /** How many runs are meant, one more than `most` for more; undefined when no index has just these. */
  function countInIndex(found: RunConditions, most: number): { runs: number; isExact: boolean } | undefined {
    const { text, span } = found
    const way = waysOf(found).find(isDirect)
    if (!way || (text && !text.isEnough)) return undefined
    const count = (part: Way, most: number) => ask.get<{ rows: number }>(countOf(part, span, most)).rows
    if (!text) return { runs: count(way, most), isExact: true }
    // Runs that wait to be indexed, or never are, may be meant or not.
    const [indexed, ...others] = way.pieces
    const only = (pieces: Way['pieces']) => ({ ...way, pieces })
    return { runs: count(only([indexed!]), most), isExact: count(only(others), 0) === 0 }
  }

  const manyNames = 2000
  const known = {
    hasName: (kind: 'agent' | 'status' | 'workflow', name: string): boolean =>
      ask.all(sql`SELECT 1 FROM run_index r WHERE r.${sql.raw(kind)} = ${name} LIMIT 1`).length > 0,
    /** Undefined where there are too many. */
    names(kind: 'agent' | 'status' | 'workflow'): string[] | undefined {
      const all = { agent: names.agents, status: names.statuses, workflow: names.workflows }[kind](manyNames)
      return all.length < manyNames ? all : undefined
    },
    hasRun: ({ start, end }: { start: string; end: string }, isWhole: boolean): boolean => {
      const test = isWhole
        ? ({ of: 'id', id: start, isNot: false } as const)
        : ({ of: 'id', start, end, isNot: false } as const)
      return ask.all(sql`SELECT 1 FROM run_index WHERE ${idCheck(test, sql`run_id`)} LIMIT 1`).length > 0
    },
  }

  return { names, known, limits, read: createRunSelections(db, names), matching, countInIndex, payloadsOf }
}

/** What a search may ask of a run besides its payloads, under names of their own. */
const facts = sql`r.run_id AS ofId, r.agent AS ofAgent, r.status AS ofStatus, r.workflow AS ofWorkflow,
  r.duration AS ofDuration, r.tokens AS ofTokens, r.cost AS ofCost`
type FactColumns = {
  ofId: string
  ofAgent: string
  ofStatus: string
  ofWorkflow: string
  ofDuration: number | null
  ofTokens: number | null
  ofCost: number | null
}

function factsIn(row: FactColumns & Scanned): RunFacts {
  return {
    id: row.ofId,
    agent: row.ofAgent,
    status: row.ofStatus,
    workflow: row.ofWorkflow,
    started: startOf(row.seq),
    duration: row.ofDuration,
    tokens: row.ofTokens,
    cost: row.ofCost,
  }
}

/** SQLite keeps what it is given, whatever the type of the column: another program may have left a number or bytes. */
export function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : String(value)
}

const charactersIn = ({ inputs, outputs }: RunPayloads) => (inputs?.length ?? 0) + (outputs?.length ?? 0)
