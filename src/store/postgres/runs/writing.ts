import type { SQL } from 'drizzle-orm'
import type { RecordedEvent } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { runEvents, runs, runTexts } from '../sql/schema/runs.ts'
import { assignments, columnsAndValues, together } from '../sql/statements.ts'
import type { NewRow, RowChange } from './record.ts'

/** More would mean that something else is wrong. */
const maxAttempts = 50

const counted = sql`seq, agent, status, duration, tokens, cost`
const summed = ['agent', 'status', 'duration', 'tokens', 'cost']
const searched = ['inputs', 'outputs', 'error']

/** What rows of `runs` add to the sums, or take off them. A number divided by 4096 and the milliseconds of an hour. */
export const deltas = (rows: SQL): SQL => sql`
  INSERT INTO run_deltas (at, agent, status, runs, duration, timed, tokens, cost)
  SELECT seq / 14745600000, agent, status, sign, sign * coalesce(duration, 0),
    CASE WHEN duration IS NULL THEN 0 ELSE sign END, sign * coalesce(tokens, 0), sign * coalesce(cost, 0)
  FROM (${rows}) AS counted`

/** Adds a run; what else is to be added with it may name `added`. Rejects where there is a run of that id. */
export async function addRun(
  { run: ask }: Session,
  { run, texts }: NewRow,
  place: () => SQL,
  more: Record<string, SQL | undefined> = {},
): Promise<void> {
  const [ofRun, ofTexts] = [columnsAndValues(runs, run), columnsAndValues(runTexts, texts)]
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const parts = {
      added: sql`
        INSERT INTO runs (seq, ${ofRun.columns}) SELECT ${place()}, ${ofRun.values}
        ON CONFLICT (seq) DO NOTHING RETURNING ${counted}`,
      texts: sql`INSERT INTO run_texts (${ofTexts.columns}) SELECT ${ofTexts.values} FROM added`,
      summed: deltas(sql`SELECT 1 AS sign, * FROM added`),
      queued: sql`INSERT INTO run_search_queue SELECT seq FROM added ON CONFLICT DO NOTHING`,
      ...more,
    }
    // Another run may have taken the place.
    if ((await ask(together(parts, sql`SELECT seq FROM added`))) > 0) return
  }
  throw new Error('No place was found for the run')
}

/** Belongs beside `added`, or beside a change. */
export function eventOf(runId: string, event: RecordedEvent, from: 'added' | 'after'): SQL {
  const { columns, values } = columnsAndValues(runEvents, { runId, ...event })
  return sql`INSERT INTO run_events (${columns}) SELECT ${values} FROM ${sql.raw(from)}`
}

export async function changeRun(
  session: Session,
  id: string,
  { run, texts }: RowChange,
  more: Record<string, SQL | undefined> = {},
): Promise<void> {
  const isAny = (change: object, names: string[]) => names.some((name) => name in change)
  const isIt = sql`WHERE id = ${id}`
  const ofRun = Object.keys(run).length > 0 ? assignments(runs, run) : sql`id = id`
  const isSummed = isAny(run, summed)
  const isSearched = isAny(texts, searched)
  const parts = {
    before: sql`SELECT ${counted} FROM runs ${isIt}`,
    after: sql`UPDATE runs SET ${ofRun} ${isIt} RETURNING ${counted}`,
    texts:
      Object.keys(texts).length > 0
        ? sql`UPDATE run_texts SET ${assignments(runTexts, texts)} WHERE run_id = ${id}`
        : undefined,
    summed: isSummed
      ? deltas(sql`SELECT -1 AS sign, * FROM before UNION ALL SELECT 1 AS sign, * FROM after`)
      : undefined,
    forgotten: isSearched ? sql`DELETE FROM run_search WHERE seq = (SELECT seq FROM before)` : undefined,
    queued: isSearched ? sql`INSERT INTO run_search_queue SELECT seq FROM after ON CONFLICT DO NOTHING` : undefined,
    ...more,
  }
  await session.run(together(parts, sql`SELECT 1`))
}
