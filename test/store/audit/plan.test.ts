import type { Statement } from 'better-sqlite3'
import { expect, test } from 'vitest'
import { connect, openTestStore } from '../../support/store/store.ts'

const words = { actorName: 'ann', action: 'run.execute', agentId: 'writer', subjectId: 'run' }
type Word = keyof typeof words

/** Each set of words: nothing, each alone, each pair, and so on. */
const names = Object.keys(words) as Word[]
const sets = Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((_name, at) => bits & (1 << at)))

test('whatever a list of 100,000 entries is filtered by, it is read from an index, in its order', async () => {
  const { store, path } = openTestStore()
  connect(path).exec(`
    WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 100000)
    INSERT INTO dashboard_audit (at, actor_id, actor_name, actor_role, action, subject_kind, subject_id, agent_id)
    SELECT n, 'user:' || (n % 7), 'person ' || (n % 7), 'admin', 'action ' || (n % 20), 'run', 'run ' || n, 'agent ' || (n % 50)
    FROM many`)
  const statements: string[] = []
  const sqlite = store.db.$client
  const prepare: (sql: string) => Statement<unknown[], { detail: string }> = sqlite.prepare.bind(sqlite)
  Object.assign(sqlite, {
    prepare(sql: string) {
      statements.push(sql)
      return prepare(sql)
    },
  })
  const moments = [{}, { from: 10, to: 90_000 }]
  for (const set of sets)
    for (const times of moments)
      for (const page of [{}, { older: '5000-5000' }, { newer: '5000-5000' }])
        await store.audit.list(
          { ...Object.fromEntries(set.map((word) => [word, words[word]])), ...times },
          { max: 50, ...page },
        )
  expect(statements).toHaveLength(sets.length * 6)
  for (const sql of statements) {
    const count = sql.split('?').length - 1
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array.from({ length: count }, () => 1))
    const steps = plan.map(({ detail }) => detail).join('; ')
    // Without a condition, the index of time is walked from its end, as far as the page reaches.
    expect(steps, sql).toMatch(/^(SEARCH|SCAN) dashboard_audit USING INDEX dashboard_audit_\w+( \(.+\))?$/)
    if (sql.includes('where')) expect(steps, sql).toMatch(/^SEARCH/)
  }
  const newest = await store.audit.list({ actorName: 'person 3' }, { max: 2 })
  expect(newest.map(({ at }) => at)).toEqual([99_998, 99_991])
})
