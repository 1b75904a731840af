import type { SQL } from 'drizzle-orm'
import type { NameKind } from '../../../ports/run-selection.ts'
import type { Store } from '../../file/open.ts'
import { sql } from '../../sql/drizzle.ts'
import { statementsOf } from '../../sql/statements.ts'

/** Of whoever has started more runs, it is taken for granted that one is on one of the agents. */
const maxLooked = 1000

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

  const starters = (max: number): string[] =>
    different('started_by', 'ix_run_index_started_by', max, sql`started_by IS NOT NULL`)

  return {
    statuses: (max: number): string[] => different('status', 'ix_run_index_status', max),

    workflows: (max: number): string[] => different('workflow', 'ix_run_index_workflow', max),

    agents: (max: number): string[] => different('agent', 'ix_run_index_agent', max),

    agentIds: (max: number): string[] => different('agent_id', 'ix_run_index_agent_id', max, sql`agent_id IS NOT NULL`),

    starters,

    /** Names of runs without an agent id. That may be an agent's id all the same. */
    withoutAgentId: (max: number): string[] => different('agent', 'ix_run_index_local', max, sql`agent_id IS NULL`),

    ofAgents: createNamesOfAgents(db, starters),
  }
}

function createNamesOfAgents({ $client }: Store['db'], starters: (max: number) => string[]) {
  const columns = { status: walk('status'), workflow: walk('workflow') }
  const hasRuns = $client.prepare<[string]>('SELECT 1 FROM run_index INDEXED BY ix_run_index_agent WHERE agent = ?')
  const hasOwnRuns = $client.prepare<[string]>(
    'SELECT 1 FROM run_index INDEXED BY ix_run_index_agent_id WHERE agent_id = ?',
  )
  const looked = $client.prepare<[string], { agent: string }>(
    `SELECT agent FROM run_index INDEXED BY ix_run_index_started_by WHERE started_by = ? LIMIT ${maxLooked}`,
  )

  function hasStartedOn(agents: string[], name: string): boolean {
    let count = 0
    for (const { agent } of looked.iterate(name)) {
      if (agents.includes(agent)) return true
      count++
    }
    return count === maxLooked
  }

  function walk(column: 'status' | 'workflow') {
    const from = `FROM run_index INDEXED BY ix_run_index_agent_${column} WHERE agent = ?`
    const first = $client.prepare<[string], string | null>(`SELECT min(${column}) ${from}`).pluck()
    const next = $client
      .prepare<[string, string], string | null>(`SELECT min(${column}) ${from} AND ${column} > ?`)
      .pluck()
    const has = $client.prepare<[string, string]>(`SELECT 1 ${from} AND ${column} = ?`)
    return { first, next, has }
  }

  function different(agents: string[], column: keyof typeof columns, max: number): string[] {
    const { first, next } = columns[column]
    const names = new Set<string>()
    for (const agent of agents) {
      let name = first.get(agent) ?? null
      for (let seen = 0; name !== null && seen < max; seen++) {
        names.add(name)
        name = next.get(agent, name) ?? null
      }
    }
    return [...names].sort().slice(0, max)
  }

  return (agents: string[]) => ({
    statuses: (max: number) => different(agents, 'status', max),
    workflows: (max: number) => different(agents, 'workflow', max),
    agents: (max: number) => inOrder(agents, max, (agent) => hasRuns.get(agent) !== undefined),
    agentIds: (max: number) => inOrder(agents, max, (agent) => hasOwnRuns.get(agent) !== undefined),

    starters: (max: number) => starters(max).filter((name) => hasStartedOn(agents, name)),

    has(kind: NameKind, name: string): boolean {
      if (kind === 'by') return hasStartedOn(agents, name)
      if (kind === 'agent') return agents.includes(name) && hasRuns.get(name) !== undefined
      return agents.some((agent) => columns[kind].has.get(agent, name) !== undefined)
    },
  })
}

function inOrder(agents: string[], max: number, hasRuns: (agent: string) => boolean): string[] {
  return agents.filter(hasRuns).sort().slice(0, max)
}
