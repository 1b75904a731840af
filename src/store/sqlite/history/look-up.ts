import type { NamesAsked, NamesFound } from '../../ports/history.ts'
import type { IdPattern, NameKind } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { sql } from '../sql/drizzle.ts'
import { statementsOf } from '../sql/statements.ts'
import type { RunNames } from './selection/names.ts'
import { idCheck } from './selection/tests.ts'

const maxNames = 2000

export function createLookUp(db: Store['db'], names: RunNames) {
  const ask = statementsOf(db)

  const hasName = (kind: NameKind, name: string): boolean =>
    ask.all(sql`SELECT 1 FROM run_index r WHERE r.${sql.raw(kind)} = ${name} LIMIT 1`).length > 0

  function hasRun({ start, end }: IdPattern, isWhole: boolean): boolean {
    const test = isWhole
      ? ({ of: 'id', id: start, isNot: false } as const)
      : ({ of: 'id', start, end, isNot: false } as const)
    return ask.all(sql`SELECT 1 FROM run_index WHERE ${idCheck(test, sql`run_id`)} LIMIT 1`).length > 0
  }

  function allNames(kind: NameKind): string[] | undefined {
    const all = { agent: names.agents, status: names.statuses, workflow: names.workflows }[kind](maxNames)
    return all.length < maxNames ? all : undefined
  }

  return ({ names: asked, ids }: NamesAsked): NamesFound => {
    const found = asked.filter(({ kind, name }) => hasName(kind, name))
    const missing = new Set(asked.filter((name) => !found.includes(name)).map(({ kind }) => kind))
    return {
      names: found,
      all: Object.fromEntries([...missing].map((kind) => [kind, allNames(kind)])),
      ids: ids.filter((id) => hasRun(id, id.isWhole)),
    }
  }
}
