import type { SQL } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import type { Hit } from '../../../history/kept-hits.ts'
import type { Range } from '../../../history/ranges.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunConditions } from '../selection/conditions.ts'
import { direction } from './request.ts'

export type Looked = {
  /** Of a WITH, or nothing. */
  before: SQL
  /** A row `r` of runs, and what tells of its words. */
  from: SQL
  check: SQL
  isUnsure: SQL
  order?: SQL
}

/** Looks at runs one by one, as `way` leads to them where it is given. */
export function lookedAt({ text }: RunConditions, way?: SQL, table = sql`runs`): Looked {
  const before = way ? sql`WITH few AS MATERIALIZED (SELECT r.* FROM runs r WHERE ${way})` : sql``
  const runs = way ? sql`few r` : sql`${table} r`
  if (text?.query === undefined) {
    return { before, from: runs, check: sql`true`, isUnsure: text ? sql`true` : sql`false` }
  }
  return {
    before,
    from: sql`${runs} LEFT JOIN run_search s ON s.seq = r.seq`,
    check: sql`(s.words IS NULL OR s.words @@ ${text.query}::tsquery)`,
    isUnsure: sql`(s.words IS NULL)`,
  }
}

const mayHave = (query: string): SQL => sql`(words IS NULL OR words @@ ${query}::tsquery)`

/** Looks at the words of a range in their order, and then at runs: from each run to its words is a longer way. */
export function lookedUp(query: string, { low, high }: Range, isDescending: boolean): Looked {
  const within = sql`seq > ${low}::bigint AND seq < ${high}::bigint`
  const order = direction(isDescending)
  return {
    before: sql``,
    from: sql`(
        SELECT seq, words IS NULL AS unsure FROM run_search WHERE ${mayHave(query)} AND ${within}
        UNION ALL SELECT seq, true FROM run_search_queue WHERE ${within} ORDER BY seq ${order}
      ) AS found, ${eachFound}`,
    check: sql`true`,
    isUnsure: sql`found.unsure`,
    order: sql`found.seq ${order}`,
  }
}

/** All runs that may have some words: those that have them, and those that are not indexed yet. Undefined for more than `most`. */
export async function hitsOf(ask: Ask, query: string, range: Range, most: number): Promise<Hit[] | undefined> {
  const { low, high } = range
  const within = sql`seq > ${low}::bigint AND seq < ${high}::bigint`
  const all = await ask.hits?.of(query, async (among) => {
    const found = await findHits(ask, query, among ? amongPlaces(among) : sql`true`, most)
    if (!found) lookedIn(ask).set(query, { areCommon: true, left: looks })
    return found
  })
  if (!all) return findHits(ask, query, within, most)
  const hits = all.filter(({ seq }) => low < seq && seq < high)
  return hits.length > most ? undefined : hits
}

const amongPlaces = (places: number[]): SQL => sql`seq = ANY(${sql.param(places)}::bigint[])`

async function findHits(ask: Ask, query: string, within: SQL, most: number): Promise<Hit[] | undefined> {
  const hits = await ask.rows<Hit>(sql`
    SELECT seq, unsure FROM (
      SELECT seq, false AS unsure FROM run_search WHERE words @@ ${query}::tsquery AND ${within}
      UNION ALL SELECT seq, true FROM run_search WHERE words IS NULL AND ${within}
      UNION ALL SELECT seq, true FROM run_search_queue WHERE ${within}
    ) AS found LIMIT ${most + 1}`)
  return hits.length > most ? undefined : hits
}

/** By its place: what PostgreSQL guesses of `found` would often lead it through all runs instead. */
const eachFound = sql`LATERAL (SELECT * FROM runs WHERE runs.seq = found.seq OFFSET 0) AS r`

export function foundBy(hits: Hit[]): Looked {
  const places = sql.param(hits.map(({ seq }) => seq))
  const unsure = sql.param(hits.map((hit) => hit.unsure))
  return {
    before: sql``,
    from: sql`unnest(${places}::bigint[], ${unsure}::boolean[]) AS found(seq, unsure), ${eachFound}`,
    check: sql`true`,
    isUnsure: sql`found.unsure`,
  }
}

/** Where so many of some runs have the words, these are not rare. */
export const dense = 3

/** Each of these is read by every search that finds runs by their words. */
const maxUnknown = 1000

/** PostgreSQL takes it that words come together by chance; they may always do. */
export const isGuessed = (query: string): boolean => query.includes(' & ')

const pageBytes = 8192
const pagesLookedAt = 100

/** How common words are changes slowly, and only decides on the way to their runs. */
const looks = 100
const maxWords = 1000
type Known = LRUCache<string, { areCommon: boolean; left: number }>
const looked = new WeakMap<Ask, Known>()

function lookedIn(ask: Ask): Known {
  const known: Known = looked.get(ask) ?? new LRUCache({ max: maxWords })
  looked.set(ask, known)
  return known
}

/** Whether words are common, as far as some pages of their table tell; or the statistics, where `planned` came of these. */
export async function areCommon(ask: Ask, query: string, most: number, planned = 0): Promise<boolean> {
  const known = lookedIn(ask)
  const last = known.get(query)
  if (last && last.left-- > 0) return last.areCommon
  const areCommon = planned > (await mostOfUnknown(ask)) || (await lookAtSome(ask, query, most))
  known.set(query, { areCommon, left: looks })
  return areCommon
}

async function lookAtSome(ask: Ask, query: string, most: number): Promise<boolean> {
  const pages = sql`(pg_relation_size('run_search') / ${pageBytes}::float8)`
  const row = await ask.first<{ hits: number; guess: number }>(sql`
    SELECT count(*) AS hits, count(*) * greatest(1, ${pages} / ${pagesLookedAt}) AS guess
    FROM run_search TABLESAMPLE SYSTEM (least(100, 100 * ${pagesLookedAt} / greatest(1, ${pages})))
    WHERE words @@ ${query}::tsquery`)
  return row!.hits >= dense && row!.guess > most
}

/** PostgreSQL takes it that no larger share of runs has a word that it does not know. */
const shareOfUnknown = 0.005

/** How many runs it guesses to have a word that its statistics do not list. */
async function mostOfUnknown({ first }: Ask): Promise<number> {
  const row = await first<{ runs: number }>(sql`
    SELECT 1 + reltuples * least(${shareOfUnknown}::float8, (
      SELECT most_common_elem_freqs[cardinality(most_common_elem_freqs) - 1] FROM pg_stats
      WHERE schemaname = current_schema() AND tablename = 'run_search' AND attname = 'words') / 2) AS runs
    FROM pg_class WHERE oid = 'run_search'::regclass`)
  return row!.runs
}

/** Whether words lead to few runs, as far as statistics know, and some pages. The index itself is not asked. */
export async function areRare(ask: Ask, query: string, most: number): Promise<boolean> {
  const row = await ask.first<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>(
    sql`EXPLAIN (FORMAT JSON) SELECT FROM run_search WHERE words @@ ${query}::tsquery`,
  )
  const planned = row!['QUERY PLAN'][0]!.Plan['Plan Rows']
  if (planned > most && (await areCommon(ask, query, most, planned))) return false
  const unknown = await ask.first<{ runs: number }>(sql`
    SELECT count(*) AS runs FROM (
      (SELECT FROM run_search_queue LIMIT ${maxUnknown}) UNION ALL (SELECT FROM run_search WHERE words IS NULL LIMIT ${maxUnknown})
    ) AS unknown`)
  return unknown!.runs < maxUnknown
}
