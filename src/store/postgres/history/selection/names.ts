import type { SQL } from 'drizzle-orm'
import type { NameKind } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import { shownName } from '../../runs/record.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'

type Read = (max: number) => Promise<string[]>
type NamesOf = { statuses: Read; workflows: Read; agents: Read; agentIds: Read; starters: Read }

/** Of whoever has started more runs, it is taken for granted that one is on one of the agents. */
const maxLooked = 1000

function walk(column: SQL, where: SQL, max: number, order = column): SQL {
  const next = (more: SQL) => sql`SELECT ${column} AS name FROM runs WHERE ${where} ${more} ORDER BY ${order} LIMIT 1`
  return sql`
    WITH RECURSIVE names(name) AS (
      (${next(sql`AND ${column} IS NOT NULL`)})
      UNION ALL SELECT following.name FROM names, LATERAL (${next(sql`AND ${column} > names.name`)}) AS following
    ) SELECT name FROM names LIMIT ${max}`
}

const named = async (ask: Ask, query: SQL): Promise<string[]> =>
  (await ask.rows<{ name: string }>(query)).map(({ name }) => name)

const columns = { status: sql`status`, workflow: sql`workflow`, agent: sql`agent`, by: sql`started_by` }
const agentId = sql`agent_id`

export const namesOf = (ask: Ask): NamesOf & { withoutAgentId: Read } => {
  const once: NonNullable<Ask['once']> = ask.once ?? ((_, read) => read())
  const different =
    (kind: string, column: SQL, where = sql`true`, order = column): Read =>
    (max) =>
      once(`${kind} ${max}`, () => named(ask, walk(column, where, max, order)))
  return {
    statuses: different('statuses', columns.status),
    workflows: different('workflows', columns.workflow),
    agents: different('agents', columns.agent),
    agentIds: different('agent ids', agentId),
    starters: different('starters', columns.by, sql`started_by IS NOT NULL`),
    /** Names of runs without an agent id. That may be an agent's id all the same. */
    // In the order of the index: PostgreSQL does not see that the first of its columns is the same in all of them.
    withoutAgentId: different('without agent id', columns.agent, sql`agent_id IS NULL`, sql`agent_id, agent`),
  }
}

export const namesAmong = (ask: Ask, agents: string[]): NamesOf => {
  const among =
    (column: SQL): Read =>
    (max) =>
      named(
        ask,
        sql`SELECT DISTINCT name FROM unnest(${texts(agents)}) AS one, LATERAL (${walk(column, sql`agent = one`, max)}) AS of_one
          ORDER BY name LIMIT ${max}`,
      )
  const having =
    (column: SQL): Read =>
    (max) =>
      named(
        ask,
        sql`SELECT one COLLATE "C" AS name FROM (SELECT DISTINCT unnest(${texts(agents)}) AS one) AS given
          WHERE EXISTS (SELECT FROM runs WHERE ${column} = one) ORDER BY 1 LIMIT ${max}`,
      )
  return {
    statuses: among(columns.status),
    workflows: among(columns.workflow),
    agents: having(columns.agent),
    agentIds: having(agentId),
    async starters(max) {
      const all = await namesOf(ask).starters(max)
      const own = await Promise.all(all.map((name) => hasName(ask, 'by', name, agents)))
      return all.filter((_, index) => own[index])
    },
  }
}

/** Whether a run, of these agents where they are given, has a name to the letter. */
export async function hasName(ask: Ask, kind: NameKind, name: string, agents?: string[]): Promise<boolean> {
  const called = sql`${columns[kind]} = ${shownName(name)}`
  if (agents && kind === 'by') {
    const looked = await ask.first<{ runs: number; isOwn: boolean | null }>(sql`
      SELECT count(*) AS runs, bool_or(agent = ANY(${texts(agents)})) AS "isOwn"
      FROM (SELECT agent FROM runs WHERE ${called} LIMIT ${maxLooked}) AS looked`)
    return looked!.isOwn === true || looked!.runs === maxLooked
  }
  const among = agents ? sql`AND agent = ANY(${texts(agents)})` : sql``
  return (await ask.first(sql`SELECT FROM runs WHERE ${called} ${among} LIMIT 1`)) !== undefined
}
