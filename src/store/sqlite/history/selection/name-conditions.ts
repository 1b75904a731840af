import type { SQL } from 'drizzle-orm'
import type { NameKind, RunSelection } from '../../../ports/run-selection.ts'
import type { Store } from '../../file/open.ts'
import { sql } from '../../sql/drizzle.ts'
import { listed } from '../../sql/listed.ts'
import { statementsOf } from '../../sql/statements.ts'
import type { RunNames } from './names.ts'

/** Beyond this, walking the index of each name does not pay. */
export const maxWords = 60

/** `list` is undefined where it would hold all names, or too many; then `excluded` counts. */
type Wanted = { list: string[] | undefined; excluded: string[] }
type AgentConditions = {
  list: string[] | undefined
  check: SQL | undefined
  isUnsure: boolean
  sums: SQL | undefined
}

export function createNameConditions(db: Store['db'], names: RunNames) {
  const ask = statementsOf(db)
  const few = (read: (max: number) => string[]): string[] | undefined => {
    const words = read(maxWords + 1)
    return words.length <= maxWords ? words : undefined
  }

  function wanted(
    { names: asked = [] }: RunSelection,
    kind: NameKind,
    anyOf: string[] | undefined,
    all: (max: number) => string[],
  ): Wanted {
    const own = asked.filter(({ of }) => of === kind)
    const excluded = own.filter(({ isNot }) => isNot).flatMap(({ values }) => values)
    const required = own.filter(({ isNot }) => !isNot).map(({ values }) => values)
    const lists = anyOf ? [[...new Set(anyOf)], ...required] : required
    const list = lists.length > 0 ? lists.reduce(intersection) : excluded.length > 0 ? few(all) : undefined
    return { list: list?.filter((value) => !excluded.includes(value)), excluded: list ? [] : excluded }
  }

  function localNames(): string[] | undefined {
    const registered = new Set(ask.all<{ id: string }>(sql`SELECT agent_id AS id FROM agents`).map(({ id }) => id))
    return few(names.withoutAgentId)?.filter((name) => !registered.has(name))
  }

  function ofLocal(selection: RunSelection): AgentConditions {
    const { agents } = selection
    const local = localNames()
    const anyOf = local && [...new Set([...(agents ?? []), ...local])]
    const { list, excluded } = wanted(selection, 'agent', anyOf, names.agents)
    const own = few(names.agentIds)
    const isUnsure = !list || !own || list.some((name) => own.includes(name) && !agents?.includes(name))
    const isLocalRow = sql`r.agent_id IS NULL AND r.agent NOT IN (SELECT agent_id FROM agents)`
    const isSelected = sql`(${inList(sql`r.agent`, agents ?? [], [])} OR (${isLocalRow}))`
    const check = sql`${isSelected}${and(inList(sql`r.agent`, list, excluded))}`
    return { list, check, isUnsure, sums: isUnsure ? undefined : inList(sql`agent`, list, []) }
  }

  return {
    wanted,

    ofAgents(selection: RunSelection): AgentConditions {
      if (selection.isLocal) return ofLocal(selection)
      const { list, excluded } = wanted(selection, 'agent', selection.agents, names.agents)
      const check = inList(sql`r.agent`, list, excluded)
      return { list, check, isUnsure: false, sums: inList(sql`agent`, list, excluded) }
    },
  }
}

export function inList(column: SQL, list: string[] | undefined, excluded: string[]): SQL | undefined {
  if (list) return sql`${column} IN (${listed(list)})`
  return excluded.length > 0 ? sql`${column} NOT IN (${listed(excluded)})` : undefined
}

export const and = (condition: SQL | undefined): SQL => (condition ? sql` AND ${condition}` : sql``)
const intersection = (some: string[], others: string[]) => some.filter((value) => others.includes(value))
