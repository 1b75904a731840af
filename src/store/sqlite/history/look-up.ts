import type { NamesAsked, NamesFound } from '../../ports/history.ts'
import type { IdPattern, NameKind } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { sql } from '../sql/drizzle.ts'
import { statementsOf } from '../sql/statements.ts'
import type { RunNames } from './selection/names.ts'
import { columnOf, idCheck } from './selection/tests.ts'

const maxNames = 2000

/** Of more runs whose ids begin alike, it is taken for granted that one is asked about. */
const maxIds = 10_000

export function createLookUp(db: Store['db'], names: RunNames) {
  const ask = statementsOf(db)

  const hasName = (kind: NameKind, name: string): boolean =>
    ask.all(sql`SELECT 1 FROM run_index r WHERE r.${sql.raw(columnOf(kind))} = ${name} LIMIT 1`).length > 0

  function hasRun({ start, end }: IdPattern, isWhole: boolean, agents: string[] | undefined): boolean {
    const test = isWhole
      ? ({ of: 'id', id: start, isNot: false } as const)
      : ({ of: 'id', start, end, isNot: false } as const)
    if (!agents) return ask.all(sql`SELECT 1 FROM run_index WHERE ${idCheck(test, sql`run_id`)} LIMIT 1`).length > 0
    const { looked, own } = ask.get<{ looked: number; own: number | null }>(sql`
      SELECT count(*) AS looked, max(agent IN (SELECT value FROM json_each(${JSON.stringify(agents)}))) AS own
      FROM (SELECT agent FROM run_index WHERE ${idCheck(test, sql`run_id`)} LIMIT ${maxIds})`)
    return own === 1 || looked === maxIds
  }

  function allNames(
    kind: NameKind,
    { agents, statuses, workflows, starters }: Pick<RunNames, 'agents' | 'statuses' | 'workflows' | 'starters'>,
  ) {
    const all = { agent: agents, status: statuses, workflow: workflows, by: starters }[kind](maxNames)
    return all.length < maxNames ? all : undefined
  }

  return ({ names: asked, ids }: NamesAsked, agents?: string[]): NamesFound => {
    const known = agents ? names.ofAgents(agents) : { ...names, has: hasName }
    const found = asked.filter(({ kind, name }) => known.has(kind, name))
    const missing = new Set(asked.filter((name) => !found.includes(name)).map(({ kind }) => kind))
    return {
      names: found,
      all: Object.fromEntries([...missing].map((kind) => [kind, allNames(kind, known)])),
      ids: ids.filter((id) => hasRun(id, id.isWhole, agents)),
    }
  }
}
