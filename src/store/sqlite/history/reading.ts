import type { SQL } from 'drizzle-orm'
import type { RunOrder } from '../../ports/history.ts'
import type { IdPattern, NameKind, RunTexts, SearchedRun } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { workflowRuns } from '../sql/schema/runs.ts'
import { statementsOf } from '../sql/statements.ts'
import { countOf, isDirect, type Way, waysOf } from './access-paths.ts'
import { createRunNames } from './names.ts'
import { startOf } from './ranges.ts'
import { createRunScan, type RunPlace, type Scanned, type Steps, usualSteps } from './scan.ts'
import { createRunSelections, type RunConditions } from './selection.ts'
import { idCheck } from './tests.ts'

/** What a request may cost, in microseconds or so: then what is left is left to another one. */
export type Limits = Steps & { budget: number }
export const usualLimits: Limits = { ...usualSteps, budget: 20_000 }

/** To read the payloads of a run and look at them, and for so many bytes of them. */
const verifiedCost = 8
const bytesPerCost = 100
/** Rows whose payloads decide are taken from indexes so many at a time, and their payloads read together; longer ones alone. */
const verifiedAtATime = 100
const mostBytesTogether = 16 * 1024

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
  function payloadsOf(id: string): RunTexts | undefined {
    const row = payloads.get({ id })
    return row && { inputs: textOf(row.inputs), outputs: textOf(row.outputs), error: textOf(row.error) }
  }

  /** What a search may ask of runs. Those that are gone are left out. */
  function searchedRuns(rows: Scanned[]): Map<number, SearchedRow> {
    const seqs = JSON.stringify(rows.map(({ seq }) => seq))
    const bytes = sql`coalesce(octet_length(w.inputs), 0) + coalesce(octet_length(w.outputs), 0)
      + coalesce(octet_length(w.error_message), 0)`
    const found = ask.all<SearchedRow>(sql`
      SELECT seq, id, agent, status, workflow, duration, tokens, cost, bytes,
        iif(bytes <= ${mostBytesTogether}, inputs, NULL) AS inputs,
        iif(bytes <= ${mostBytesTogether}, outputs, NULL) AS outputs,
        iif(bytes <= ${mostBytesTogether}, error, NULL) AS error
      FROM (
        SELECT r.seq, r.run_id AS id, r.agent, r.status, r.workflow, r.duration, r.tokens, r.cost,
          w.inputs, w.outputs, w.error_message AS error, ${bytes} AS bytes
        FROM json_each(${seqs}) AS j CROSS JOIN run_index AS r ON r.seq = j.value
        CROSS JOIN workflow_runs AS w ON w.id = r.run_id
      )`)
    return new Map(found.map((run) => [run.seq, run]))
  }

  function payloadsIn(run: SearchedRow): SearchedRun {
    const { inputs, outputs, error } = (run.bytes > mostBytesTogether && payloadsOf(run.id)) || run
    const texts = { inputs: textOf(inputs), outputs: textOf(outputs), error: textOf(error) }
    return { ...run, ...texts, started: startOf(run.seq) }
  }

  function* matching<Row>(found: RunConditions, asked: Asked): Generator<Step<Row>, void, undefined> {
    const { text } = found
    const size = text && !text.isEnough ? verifiedAtATime : asked.size
    const place = ({ seq, value = null }: Scanned) => (asked.order.by === 'started' ? { seq } : { seq, value })
    for (const { rows, to, cost } of scan<Row>(found, { ...asked, size })) {
      const isSure = (row: Scanned) => !text || (text.isEnough && row.isUnsure === 0)
      if (rows.every(isSure)) {
        yield { rows, to, cost: Math.max(1, cost) }
        continue
      }
      for (let at = 0; at < rows.length; at += verifiedAtATime) {
        const some = rows.slice(at, at + verifiedAtATime)
        const searched = searchedRuns(some.filter((row) => !isSure(row)))
        for (const row of some) {
          const run = searched.get(row.seq)
          const isMeant = isSure(row) || (run !== undefined && text!.holds(payloadsIn(run)))
          const cost = run ? verifiedCost + run.bytes / bytesPerCost : 0
          yield { rows: isMeant ? [row] : [], to: place(row), cost }
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
    hasName: (kind: NameKind, name: string): boolean =>
      ask.all(sql`SELECT 1 FROM run_index r WHERE r.${sql.raw(kind)} = ${name} LIMIT 1`).length > 0,
    /** Undefined where there are too many. */
    names(kind: NameKind): string[] | undefined {
      const all = { agent: names.agents, status: names.statuses, workflow: names.workflows }[kind](manyNames)
      return all.length < manyNames ? all : undefined
    },
    hasRun: ({ start, end }: IdPattern, isWhole: boolean): boolean => {
      const test = isWhole
        ? ({ of: 'id', id: start, isNot: false } as const)
        : ({ of: 'id', start, end, isNot: false } as const)
      return ask.all(sql`SELECT 1 FROM run_index WHERE ${idCheck(test, sql`run_id`)} LIMIT 1`).length > 0
    },
  }

  return { names, known, limits, read: createRunSelections(db, names), matching, countInIndex, payloadsOf }
}

/** `bytes` is the length of all three payloads; where they are too long to be read with others, they are null here. */
type SearchedRow = Omit<SearchedRun, 'started'> & { seq: number; bytes: number }

/** SQLite keeps what it is given, whatever the type of the column: another program may have left a number or bytes. */
export function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : String(value)
}
