import { startOf } from '../../history/ranges.ts'
import type { RunTexts, SearchedRun } from '../../ports/run-selection.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import type { TextCondition } from './selection/conditions.ts'

/** What the texts of a run cost, and each of so many characters. */
const verifiedCost = 40
const charactersPerCost = 40
/** What a run costs that is known to match, or not to. */
const knownCost = 20
export const maxVerifiedTogether = 200
/** Longer texts are read one run at a time. */
const maxCharactersTogether = 32 * 1024

export async function* verified<Run extends { seq: number }>(ask: Ask, { key, holds }: TextCondition, runs: Run[]) {
  for (let at = 0; at < runs.length; at += maxVerifiedTogether) {
    const some = runs.slice(at, at + maxVerifiedTogether)
    const known = ask.outcomes?.of(key) ?? new Map<number, boolean>()
    const unknown = some.filter(({ seq }) => !known.has(seq))
    const searched = await searchedRuns(
      ask,
      unknown.map(({ seq }) => seq),
    )
    for (const run of some) {
      const read = searched.get(run.seq)
      if (read) known.set(run.seq, holds(await withTexts(ask, read)))
      const cost = read ? verifiedCost + read.characters / charactersPerCost : knownCost
      yield { run, isMatch: known.get(run.seq) === true, cost }
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
