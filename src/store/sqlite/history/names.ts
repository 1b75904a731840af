import type { SQL } from 'drizzle-orm'
import type { Store } from '../file/open.ts'
import { sql } from '../sql/drizzle.ts'
import { statementsOf } from '../sql/statements.ts'

export type RunNames = ReturnType<typeof createRunNames>

/** The different words in a column of run_index, in order, read by walking an index from one word to the next. */
export function createRunNames(db: Store['db']) {
  const ask = statementsOf(db)
  function different(column: string, index: string, most: number, condition?: SQL): string[] {
    const name = sql.raw(column)
    const from = sql.raw(`run_index INDEXED BY ${index}`)
    const known = condition ?? sql`TRUE`
    const rows = ask.all<{ name: string }>(sql`
      WITH RECURSIVE names(name) AS (
        SELECT min(${name}) FROM ${from} WHERE ${known}
        UNION ALL
        SELECT (SELECT min(${name}) FROM ${from} WHERE ${known} AND ${name} > names.name)
        FROM names WHERE names.name IS NOT NULL
      )
      SELECT name FROM names WHERE name IS NOT NULL LIMIT ${most}`)
    return rows.map(({ name }) => name)
  }

  return {
    statuses: (most: number): string[] => different('status', 'ix_run_index_status', most),

    workflows: (most: number): string[] => different('workflow', 'ix_run_index_workflow', most),

    /** What stands in `agent`: ids of agents, and names of workflows that the Python program carried out itself. */
    agents: (most: number): string[] => different('agent', 'ix_run_index_agent', most),

    /** Ids of agents that have runs of ours, registered or not. */
    agentIds: (most: number): string[] =>
      different('agent_id', 'ix_run_index_agent_id', most, sql`agent_id IS NOT NULL`),

    /** What stands in `agent` of runs that say of no agent. That may be an agent's id all the same. */
    withoutAgentId: (most: number): string[] => different('agent', 'ix_run_index_local', most, sql`agent_id IS NULL`),
  }
}
