import { payloadLine } from '../../../shared/json/line.ts'
import { indexedText, isIndexable } from '../../../shared/search/text.ts'
import { wordsVersion } from '../../../shared/search/words.ts'
import type { RunTexts } from '../../ports/run-selection.ts'
import type { Ask, Session } from '../database/session.ts'
import { getState, setState } from '../database/state.ts'
import { takeTurn } from '../database/turns.ts'
import { sql } from '../sql/drizzle.ts'
import { texts } from '../sql/statements.ts'
import { asManyAsFit } from './as-many.ts'
import { maxTerm, quoted, weights } from './selection/words.ts'

/** Of runs that are indexed in a step, and of characters of their texts: that takes some milliseconds. */
const maxRuns = 100
const maxCharacters = 100_000
/** PostgreSQL takes a megabyte of words. */
const maxBytes = 900_000
const wordsKey = 'search_words'
/** The version, and the run up to which all are indexed anew. */
const anewKey = 'search_words_anew'
/** In a transaction of some seconds. */
const maxAnew = 10_000

type Waiting = RunTexts & { seq: number; version: string; hasNoLine: boolean }

/** Where words are split in another way by now. Resolves to whether there are more: how far it came is kept, so a start
 * that is ended goes on there. */
export async function indexAnew(session: Session, max = maxAnew): Promise<boolean> {
  await takeTurn(session, 'words')
  const { [wordsKey]: known, [anewKey]: reached = '' } = await getState(session, [wordsKey, anewKey])
  if (known === String(wordsVersion)) return false
  const [version, after] = reached.split(' ')
  const from = version === String(wordsVersion) ? Number(after) : -1
  const found = await session.first<{ last: number | null; runs: number }>(sql`
    WITH portion AS (SELECT seq FROM runs WHERE seq > ${from}::bigint ORDER BY seq LIMIT ${max}),
    queued AS (INSERT INTO run_search_queue SELECT seq FROM portion ON CONFLICT DO NOTHING)
    SELECT max(seq) AS last, count(*) AS runs FROM portion`)
  const { last, runs } = { last: Number(found!.last ?? from), runs: Number(found!.runs) }
  const isLast = runs < max
  // Of a run that is gone, too.
  await session.run(sql`DELETE FROM run_search WHERE seq > ${from}::bigint AND (${isLast} OR seq <= ${last}::bigint)`)
  await setState(session, anewKey, isLast ? '' : `${wordsVersion} ${last}`)
  if (isLast) await setState(session, wordsKey, String(wordsVersion))
  return !isLast
}

export async function countWaiting(ask: Ask, max: number): Promise<number> {
  const row = await ask.first<{ runs: number }>(
    sql`SELECT count(*) AS runs FROM (SELECT FROM run_search_queue LIMIT ${max}) AS waiting`,
  )
  return row!.runs
}

/** Some of those that wait, newest first. No run that goes on meanwhile has to wait for that. */
export async function indexSome(session: Session): Promise<void> {
  const found = await session.rows<{ seq: number; characters: number }>(sql`
    SELECT q.seq, coalesce(length(w.inputs), 0) + coalesce(length(w.outputs), 0) + coalesce(length(w.error), 0) AS characters
    FROM run_search_queue q JOIN runs r ON r.seq = q.seq JOIN run_texts w ON w.run_id = r.id
    ORDER BY q.seq DESC LIMIT ${maxRuns}`)
  const seqs = asManyAsFit(found, ({ characters }) => characters, maxCharacters).map(({ seq }) => seq)
  if (seqs.length === 0) return
  const waiting = await session.rows<Waiting>(sql`
    SELECT r.seq, w.xmin::text AS version, input_line IS NULL AS "hasNoLine", w.inputs, w.outputs, w.error
    FROM runs r JOIN run_texts w ON w.run_id = r.id WHERE r.seq = ANY(${sql.param(seqs)}::bigint[])`)
  const words = waiting.map(({ inputs, outputs, error }) => wordsOf({ inputs, outputs, error }))
  // A run whose texts have changed since they were read, or are being changed, waits on.
  await session.run(sql`
    WITH unchanged AS (
      SELECT given.seq, given.words FROM
        unnest(
          ${sql.param(waiting.map(({ seq }) => seq))}::bigint[], ${texts(waiting.map(({ version }) => version))},
          ${sql.param(words)}::text[]
        ) AS given(seq, version, words)
        JOIN run_search_queue q ON q.seq = given.seq JOIN runs r ON r.seq = given.seq JOIN run_texts w ON w.run_id = r.id
      WHERE w.xmin::text = version FOR UPDATE OF q, r, w SKIP LOCKED
    ), indexed AS (
      INSERT INTO run_search (seq, words) SELECT seq, words::tsvector FROM unchanged
      ON CONFLICT (seq) DO UPDATE SET words = excluded.words
    )
    DELETE FROM run_search_queue WHERE seq = ANY(ARRAY(SELECT seq FROM unchanged))`)
  for (const { seq, inputs, hasNoLine } of waiting) {
    if (!hasNoLine) continue
    await session.run(
      sql`UPDATE runs SET input_line = ${payloadLine(inputs)} WHERE seq = ${seq} AND input_line IS NULL`,
    )
  }
}

/** Takes in what waits in the index itself, which each search would read. */
export async function tidyIndex({ first }: Session): Promise<void> {
  await first(sql`SELECT gin_clean_pending_list('run_search_words')`)
}

/** A `tsvector`: every word once, with the texts that it is in. Null where there are too many. */
export function wordsOf(texts: RunTexts): string | null {
  const names = Object.keys(weights) as (keyof RunTexts)[]
  if (!names.every((name) => isIndexable(texts[name]))) return null
  const places = new Map<string, string[]>()
  names.forEach((name, index) => {
    for (const term of indexedText(texts[name]).split(' ')) {
      if (term === '') continue
      const word = quoted(term.slice(0, maxTerm))
      const own = places.get(word) ?? []
      places.set(word, own)
      const place = `${index + 1}${weights[name]}`
      if (!own.includes(place)) own.push(place)
    }
  })
  const written = [...places].map(([word, own]) => `${word}:${own.join(',')}`).join(' ')
  return Buffer.byteLength(written) > maxBytes ? null : written
}
