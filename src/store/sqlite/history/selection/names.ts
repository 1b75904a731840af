import type { SQL } from 'drizzle-orm'
import type { Store } from '../../file/open.ts'
import { sql } from '../../sql/drizzle.ts'
import { statementsOf } from '../../sql/statements.ts'

export type RunNames = ReturnType<typeof createRunNames>

/** The distinct names in a column of run_index, read by walking an index from one to the next. */
export function createRunNames(db: Store['db']) {
  const ask = statementsOf(db)
  function different(column: string, index: string, max: number, condition?: SQL): string[] {
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
      SELECT name FROM names WHERE name IS NOT NULL LIMIT ${max}`)
    return rows.map(({ name }) => name)
  }

  return {
    statuses: (max: number): string[] => different('status', 'ix_run_index_status', max),

    workflows: (max: number): string[] => different('workflow', 'ix_run_index_workflow', max),

    agents: (max: number): string[] => different('agent', 'ix_run_index_agent', max),

    agentIds: (max: number): string[] => different('agent_id', 'ix_run_index_agent_id', max, sql`agent_id IS NOT NULL`),

    /** Names of runs without an agent id. That may be an agent's id all the same. */
    withoutAgentId: (max: number): string[] => different('agent', 'ix_run_index_local', max, sql`agent_id IS NULL`),
  }
}
