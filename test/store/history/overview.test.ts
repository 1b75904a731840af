import { expect, test } from 'vitest'
import type { Store } from '../../../src/store/sqlite/file/open.ts'
import { createRunCosts } from '../../../src/store/sqlite/history/figures/costs.ts'
import { createRunOverview } from '../../../src/store/sqlite/history/overview.ts'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const hourMs = 3_600_000
const noon = Date.UTC(2026, 10, 22, 12)

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

const request = {
  now: noon,
  lastDay: { from: noon - 24 * hourMs, to: noon },
  failedSince: [{ agent: 'agent-1', since: noon - 5 * hourMs }],
  maxCounted: 100,
  maxFailures: 100,
  maxUnfinished: 5,
  maxLatest: 10,
  maxDurations: 100,
}

test('nothing that the overview asks for reads workflow_runs, sorts runs, or looks through a table', () => {
  const { store, add } = opened()
  for (let run = 0; run < 50; run++) add(`run-${run}`, `agent-${run % 3}`, noon - run * hourMs, run)
  const { sources, plan } = carriedOut(store)
  createRunOverview(store)(request)
  createRunOverview(store)({ ...request, agents: ['agent-1', 'agent-2'] })
  const costs = createRunCosts(store.db)
  costs.total({ from: noon - 3.5 * 24 * hourMs, to: noon - hourMs / 2 })
  costs.total({ from: noon - hourMs, to: noon }, ['agent-1'])
  costs.byAgent({ from: noon - 3.5 * 24 * hourMs, to: noon - hourMs / 2 })

  expect(sources.size).toBeGreaterThan(12)
  const steps = [...sources].flatMap(plan)
  expect(steps.filter((step) => step.includes('workflow_runs'))).toEqual([])
  // The different words of an index, one after the other; and a list of agents.
  const scans = steps.filter((step) => step.startsWith('SCAN'))
  expect(new Set(scans)).toEqual(new Set(['SCAN names', 'SCAN (subquery-1)', 'SCAN json_each VIRTUAL TABLE INDEX 1:']))
  for (const found of [
    /^SEARCH run_hours USING PRIMARY KEY \(at>\? AND at<\?\)/,
    /^SEARCH run_days USING PRIMARY KEY \(at>\? AND at<\?\)/,
    /^SEARCH run_totals USING PRIMARY KEY \(at>\? AND at<\?\)/,
    /^SEARCH run_index USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/,
    /^SEARCH run_index USING INDEX ix_run_index_status \(status=\? AND rowid>\? AND rowid<\?\)/,
    /^SEARCH run_index USING COVERING INDEX ix_run_index_agent_status \(agent=\? AND status=\? AND rowid>\?\)/,
    /^SEARCH run_index USING COVERING INDEX ix_run_index_status \(status=\?\)/,
  ]) {
    expect(steps).toContainEqual(expect.stringMatching(found))
  }
  const sorting = [...sources].filter((source) => plan(source).some((step) => step.includes('TEMP B-TREE')))
  // Sums by agent, and runs of less than an hour.
  expect(sorting.length).toBeGreaterThan(1)
  for (const source of sorting)
    expect(source).toMatch(/^SELECT agent, sum\(cost\) FROM run_\w+ WHERE .* GROUP BY agent/)
})
