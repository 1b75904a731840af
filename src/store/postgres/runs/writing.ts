import type { SQL } from 'drizzle-orm'
import type { RecordedEvent } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { runEvents, runs, runTexts } from '../sql/schema/runs.ts'
import { assignments, columnsAndValues, givenRows, list } from '../sql/statements.ts'
import { type createPlaces, placeOf } from './places.ts'
import type { NewRow, RowChange } from './record.ts'
import { touch } from './touching.ts'

/** More would mean that something else is wrong. */
const maxAttempts = 50

const counted = sql`seq, id, agent, status, duration, tokens, cost`
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
  session: Session,
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
    if ((await touch(session, parts, 'added')).length > 0) return
  }
  throw new Error('No place was found for the run')
}

/** The same for runs that have the same columns. */
export async function addRuns(
  session: Session,
  rows: NewRow[],
  places: ReturnType<typeof createPlaces>,
): Promise<void> {
  if (rows.length === 0) return
  const startedAts = rows.map(({ run }) => run.startedAt ?? Number.NaN)
  const ofRuns = givenRows(
    runs,
    rows.map(({ run }) => run),
    places.ofAll(startedAts),
  )
  const ofTexts = givenRows(
    runTexts,
    rows.map(({ texts }) => texts),
  )
  const place = placeOf({ first: sql`given.first`, own: sql`given.own`, before: sql`given.before` })
  const columns = list(ofRuns.columns)
  const parts = {
    added: sql`
      INSERT INTO runs (seq, ${columns}) SELECT ${place}, ${columns} FROM ${ofRuns.from}
      ON CONFLICT (seq) DO NOTHING RETURNING ${counted}`,
    texts: sql`
      INSERT INTO run_texts (${list(ofTexts.columns)}) SELECT ${list(ofTexts.columns)} FROM ${ofTexts.from}
      WHERE run_id IN (SELECT id FROM added)`,
    summed: deltas(sql`SELECT 1 AS sign, * FROM added`),
    queued: sql`INSERT INTO run_search_queue SELECT seq FROM added ON CONFLICT DO NOTHING`,
  }
  const found = await touch(session, parts, 'added')
  const added = new Set(found.map(({ id }) => id))
  // Other runs may have taken their places.
  for (const [index, row] of rows.entries())
    if (!added.has(row.run.id)) await addRun(session, row, () => places.at(startedAts[index]!))
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
  await touch(session, parts, 'after')
}

/** The same for the whole of runs. */
export async function changeRuns(session: Session, rows: NewRow[]): Promise<void> {
  if (rows.length === 0) return
  const ofRuns = givenRows(
    runs,
    rows.map(({ run }) => run),
  )
  const ofTexts = givenRows(
    runTexts,
    rows.map(({ texts }) => texts),
  )
  const set = (columns: SQL[]) => list(columns.map((column) => sql`${column} = given.${column}`))
  const parts = {
    given: sql`SELECT * FROM ${ofRuns.from}`,
    before: sql`SELECT ${counted} FROM runs WHERE id IN (SELECT id FROM given)`,
    changed: sql`UPDATE runs SET ${set(ofRuns.columns)} FROM given WHERE runs.id = given.id RETURNING runs.*`,
    after: sql`SELECT ${counted} FROM changed`,
    texts: sql`UPDATE run_texts SET ${set(ofTexts.columns)} FROM ${ofTexts.from} WHERE run_texts.run_id = given.run_id`,
    summed: deltas(sql`SELECT -1 AS sign, * FROM before UNION ALL SELECT 1 AS sign, * FROM after`),
    forgotten: sql`DELETE FROM run_search WHERE seq IN (SELECT seq FROM before)`,
    queued: sql`INSERT INTO run_search_queue SELECT seq FROM after ON CONFLICT DO NOTHING`,
  }
  await touch(session, parts, 'after')
}
