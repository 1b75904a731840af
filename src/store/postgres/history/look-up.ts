import type { NamesAsked, NamesFound } from '../../ports/history.ts'
import type { IdPattern, NameKind } from '../../ports/run-selection.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { texts } from '../sql/statements.ts'
import { hasName, namesAmong, namesOf } from './selection/names.ts'
import { idCheck } from './selection/tests.ts'

const maxNames = 2000
/** Of more runs whose ids begin alike, it is taken for granted that one is asked about. */
const maxIds = 10_000

export async function lookUp(ask: Ask, { names: asked, ids }: NamesAsked, agents?: string[]): Promise<NamesFound> {
  const known = agents ? namesAmong(ask, agents) : namesOf(ask)
  const read = { agent: known.agents, status: known.statuses, workflow: known.workflows, by: known.starters }
  const allNames = async (kind: NameKind) => {
    const all = await read[kind](maxNames)
    return all.length < maxNames ? all : undefined
  }
  const found = await filtered(asked, ({ kind, name }) => hasName(ask, kind, name, agents))
  const missing = [...new Set(asked.filter((name) => !found.includes(name)).map(({ kind }) => kind))]
  const all = await Promise.all(missing.map(async (kind) => [kind, await allNames(kind)] as const))
  return {
    names: found,
    all: Object.fromEntries(all),
    ids: await filtered(ids, (id) => hasRun(ask, id, id.isWhole, agents)),
  }
}

async function filtered<T>(items: T[], isIt: (item: T) => Promise<boolean>): Promise<T[]> {
  const are = await Promise.all(items.map(isIt))
  return items.filter((_, index) => are[index])
}

async function hasRun(ask: Ask, { start, end }: IdPattern, isWhole: boolean, agents?: string[]): Promise<boolean> {
  const check = idCheck(isWhole ? { of: 'id', id: start, isNot: false } : { of: 'id', start, end, isNot: false })
  if (!agents) return (await ask.first(sql`SELECT FROM runs r WHERE ${check} LIMIT 1`)) !== undefined
  const looked = await ask.first<{ runs: number; isOwn: boolean | null }>(sql`
    SELECT count(*) AS runs, bool_or(agent = ANY(${texts(agents)})) AS "isOwn"
    FROM (SELECT r.agent FROM runs r WHERE ${check} LIMIT ${maxIds}) AS looked`)
  return looked!.isOwn === true || looked!.runs === maxIds
}
