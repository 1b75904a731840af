import type { Database, Statement } from 'better-sqlite3'

/** From now on a statement is prepared when it is first used: a store has some two hundred, and most of them wait for a
 * page or a task that a process may never see. A wrong statement fails only then. */
export function prepareWhenUsed(sqlite: Database): void {
  const prepare = sqlite.prepare.bind(sqlite) as (sql: string) => Statement
  sqlite.prepare = ((sql: string) => lazy(() => prepare(sql))) as Database['prepare']
}

function lazy(prepare: () => Statement): Statement {
  let prepared: Statement | undefined
  const statement: Statement = new Proxy({} as Statement, {
    get(_, name) {
      prepared ??= prepare()
      const real = prepared
      const member = Reflect.get(real, name)
      if (typeof member !== 'function') return member
      return (...given: unknown[]) => {
        const answer = member.apply(real, given)
        return answer === real ? statement : answer
      }
    },
  })
  return statement
}
