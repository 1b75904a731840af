import { expect, test } from 'vitest'
import type { Store } from '../../../src/store/sqlite/file/open.ts'
import { createRunOverviewTable } from '../../../src/store/sqlite/history/overview.ts'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const hourMs = 3_600_000
const noon = Date.UTC(2026, 10, 22, 12)
const day = { low: noon - 24 * hourMs, high: noon }
const week = { low: Date.UTC(2026, 10, 15), high: Date.UTC(2026, 10, 23) }

function opened() {
  const { store, path } = openTestStore()
  const sqlite = connect(path)
  const insert = sqlite.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, status, started_at, duration_seconds, total_cost_usd)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const add = (id: string, agent: string, at: number, duration: number | null, cost: number | null = null) =>
    insert.run(id, agent, 'completed', toDatetime(at), duration, cost)
  return { store, add, path }
}

/** The statements that were carried out through a store from now on, each once. */
function carriedOut({ db: { $client } }: Store): { sources: Set<string>; plan: (source: string) => string[] } {
  const sources = new Set<string>()
  const prepare = $client.prepare.bind($client)
  const noted = (source: string, statement: object): object =>
    new Proxy(statement, {
      get(target, name) {
        const member = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...given: unknown[]) => {
          if (name === 'all' || name === 'get') sources.add(source)
          const answer = member.apply(target, given)
          return answer === target ? noted(source, target) : answer
        }
      },
    })
  $client.prepare = ((source: string) => noted(source, prepare(source))) as typeof $client.prepare
  const plan = (source: string) => {
    const unbound = Array.from({ length: source.split('?').length - 1 }, () => null)
    const steps = prepare(`EXPLAIN QUERY PLAN ${source}`).all(...unbound) as { detail: string }[]
    return steps.map(({ detail }) => detail)
  }
  return { sources, plan }
}

test('nothing that the overview asks for reads workflow_runs, sorts runs, or looks through a table', () => {
  const { store, add } = opened()
  for (let run = 0; run < 50; run++) add(`run-${run}`, `agent-${run % 3}`, noon - run * hourMs, run)
  const { sources, plan } = carriedOut(store)
  const table = createRunOverviewTable(store)
  table.sums(day, 'hour')
  table.sums(week, 'day')
  table.firstHour()
  table.hasFreeRun(week)
  table.slowest(day, 5)
  table.longest('agent-1', day, 100)
  table.unfinished(5)
  table.failures(5)
  table.failures(1000, day)
  table.countFailures(day)
  table.newest(Number.MAX_SAFE_INTEGER)

  expect(sources.size).toBeGreaterThan(10)
  const steps = [...sources].flatMap(plan)
  expect(steps.filter((step) => step.includes('workflow_runs'))).toEqual([])
  // The different words of an index, one after the other.
  expect(new Set(steps.filter((step) => step.startsWith('SCAN')))).toEqual(new Set(['SCAN names']))
  for (const found of [
    /^SEARCH run_hours USING PRIMARY KEY \(at>\? AND at<\?\)/,
    /^SEARCH run_(days|totals) USING PRIMARY KEY \(at>\? AND at<\?\)/,
    /^SEARCH run_index USING INDEX ix_run_index_agent \(agent=\? AND rowid>\? AND rowid<\?\)/,
    /^SEARCH run_index USING COVERING INDEX ix_run_index_cost \(cost=\? AND (seq|rowid)>\? AND (seq|rowid)<\?\)/,
    /^SEARCH run_index USING COVERING INDEX ix_run_index_status \(status=\?\)/,
  ]) {
    expect(steps).toContainEqual(expect.stringMatching(found))
  }
  const sorting = [...sources].filter((source) => plan(source).some((step) => step.includes('TEMP B-TREE')))
  // The sums of a day, by agent.
  expect(sorting).toEqual([expect.stringMatching(/from "run_hours" .* group by "run_hours"."agent"/)])
})

test('a cost of nothing is told from one that is not known', () => {
  const { store, add } = opened()
  const table = createRunOverviewTable(store)
  add('unknown', 'a', noon - 1, 1, null)
  add('paid', 'a', noon - 1, 1, 0.5)
  add('earlier', 'a', day.low - 1, 1, 0)
  add('later', 'a', day.high, 1, 0)
  expect(table.hasFreeRun(day)).toBe(false)
  add('free', 'a', day.low, 1, 0)
  expect(table.hasFreeRun(day)).toBe(true)
})

test('the longest run of an agent is looked for among its newest', () => {
  const { store, add } = opened()
  const table = createRunOverviewTable(store)
  expect(table.longest('a', day, 3)).toBeUndefined()
  add('going', 'a', noon - 1, null)
  expect(table.longest('a', day, 3)).toBeUndefined()
  add('short', 'a', noon - 2, 1)
  add('long', 'a', noon - 3, 8)
  add('longest', 'a', noon - 4, 9)
  add('other', 'b', noon - 2, 99)
  add('earlier', 'a', day.low - 1, 99)
  expect(table.longest('a', day, 3)).toEqual({ id: 'long', agentId: null, durationSeconds: 8 })
  expect(table.longest('a', day, 100)).toMatchObject({ id: 'longest' })
})
