import { expect, test } from 'vitest'
import { connect, openTestStore } from '../../support/store/store.ts'

test('a query for one agent never looks at those of another', () => {
  const { path } = openTestStore()
  const sqlite = connect(path)
  const plan = (sql: string) => (sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])[0]!.detail
  expect(plan("SELECT * FROM health_checks WHERE agent_id = 'a' ORDER BY at DESC LIMIT 30")).toMatch(
    /^SEARCH.*agent_id=/,
  )
  expect(plan("SELECT * FROM health_rollups WHERE agent_id = 'a' AND span = 60 AND at >= 0 ORDER BY at")).toMatch(
    /^SEARCH.*agent_id=\? AND span=\? AND at>/,
  )
  expect(plan("DELETE FROM health_checks WHERE agent_id = 'a' AND at < 5")).toMatch(/^SEARCH.*agent_id=\? AND at</)
  expect(plan("SELECT * FROM health_incidents WHERE agent_id = 'a' ORDER BY started_at DESC")).toMatch(/^SEARCH/)
})
