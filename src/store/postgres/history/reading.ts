import { startOf } from '../../history/ranges.ts'
import type { Chunk, Scanned, ScanRequest } from '../../history/scanning.ts'
import type { RunTexts, SearchedRun } from '../../ports/run-selection.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { type Steps, usualSteps } from './scan/request.ts'
import { scan } from './scan/scan.ts'
import type { RunConditions } from './selection/conditions.ts'

/** `budget`: what a request may cost, in microseconds or so; the rest is left to another request. */
export type Limits = Steps & { budget: number }
export const usualLimits: Limits = { ...usualSteps, budget: 20_000 }

/** What the texts of a run cost, and each of so many characters. */
const verifiedCost = 40
const charactersPerCost = 40
/** What a run costs of which it is known. */
const knownCost = 20
const maxVerifiedTogether = 200
/** Longer texts are read one run at a time. */
const maxCharactersTogether = 32 * 1024

/** Runs that are selected, in an order, some at a time; texts are read where words do not tell. */
export async function* matching<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  limits: Limits,
): AsyncGenerator<Chunk<Row>, void, undefined> {
  const { text } = found
  const size = text && !text.isEnough ? maxVerifiedTogether : request.size
  const isSure = ({ isUnsure }: Scanned) => !text || (text.isEnough && !isUnsure)
  for await (const { rows, to, cost } of scan<Row>(ask, found, { ...request, size }, limits)) {
    if (rows.every(isSure)) {
      yield { rows, to, cost: Math.max(1, cost) }
      continue
    }
    const cursorOf = ({ seq, value = null }: Scanned) => (request.order.by === 'started' ? { seq } : { seq, value })
    for await (const { row, isMatch, cost } of verified(ask, found, rows, isSure)) {
      yield { rows: isMatch ? [row] : [], to: cursorOf(row), cost }
    }
    yield { rows: [], to, cost: Math.max(1, cost) }
  }
}

async function* verified<Row extends Scanned>(
  ask: Ask,
  { text }: RunConditions,
  rows: Row[],
  isSure: (row: Scanned) => boolean,
) {
  for (let at = 0; at < rows.length; at += maxVerifiedTogether) {
    const some = rows.slice(at, at + maxVerifiedTogether)
    const known = ask.outcomes?.of(text!.key) ?? new Map<number, boolean>()
    const unknown = some.filter((row) => !isSure(row) && !known.has(row.seq))
    const searched = await searchedRuns(
      ask,
      unknown.map(({ seq }) => seq),
    )
    for (const row of some) {
      const run = searched.get(row.seq)
      if (run) known.set(row.seq, text!.holds(await withTexts(ask, run)))
      const isMatch = isSure(row) || known.get(row.seq) === true
      yield {
        row,
        isMatch,
        cost: isSure(row) ? 0 : run ? verifiedCost + run.characters / charactersPerCost : knownCost,
      }
    }
  }
}

/** `characters` of all three texts; where they are too long to be read together, these are null here. */
type Row = Omit<SearchedRun, 'started'> & { seq: number; characters: number }

async function searchedRuns(ask: Ask, seqs: number[]): Promise<Map<number, Row>> {
  if (seqs.length === 0) return new Map()
  const short = (column: string) =>
    sql`CASE WHEN characters <= ${maxCharactersTogether} THEN ${sql.raw(column)} END AS ${sql.raw(column)}`
  // The length of a text is known without reading it.
  const length = (column: string) => sql`coalesce(octet_length(w.${sql.raw(column)}), 0)`
  const found = await ask.rows<Row>(sql`
    SELECT seq, id, agent, status, workflow, "by", duration, tokens, cost, characters,
      ${short('inputs')}, ${short('outputs')}, ${short('error')}
    FROM (
      SELECT r.seq, r.id, r.agent, r.status, r.workflow, r.started_by AS "by", r.duration, r.tokens, r.cost,
        w.inputs, w.outputs, w.error, ${length('inputs')} + ${length('outputs')} + ${length('error')} AS characters
      FROM runs r JOIN run_texts w ON w.run_id = r.id WHERE r.seq = ANY(${sql.param(seqs)}::bigint[])
    ) AS wide`)
  return new Map(found.map((run) => [run.seq, run]))
}

async function withTexts(ask: Ask, run: Row): Promise<SearchedRun> {
  const long = run.characters > maxCharactersTogether ? await longTexts(ask, run.id) : undefined
  return { ...run, ...long, started: startOf(run.seq) }
}

const longTexts = (ask: Ask, id: string) =>
  ask.first<RunTexts>(sql`SELECT inputs, outputs, error FROM run_texts WHERE run_id = ${id}`)
