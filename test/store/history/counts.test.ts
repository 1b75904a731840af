import { describe, expect, test } from 'vitest'
import type { RunSelection } from '../../../src/store/ports/run-selection.ts'
import { createRunCounts } from '../../../src/store/sqlite/history/counting/counts.ts'
import { createRunReading } from '../../../src/store/sqlite/history/reading.ts'
import { createRunNames } from '../../../src/store/sqlite/history/selection/names.ts'
import { createRunSums } from '../../../src/store/sqlite/history/sums.ts'
import { insertAgentAsPython, insertRunAsPython, pythonRuns } from '../../support/store/python-database.ts'
import { createRunTable } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

function openCounts() {
  const { store, path } = openTestStore()
  const reading = createRunReading(store.db)
  const count = createRunCounts(reading, createRunSums(store.db, reading.names))
  return { store, sqlite: connect(path), runs: createRunTable(store), count }
}

describe('runs are counted', () => {
  test('by their statuses, those of an agent and those of none', () => {
    const { sqlite, count } = openCounts()
    for (const run of pythonRuns) insertRunAsPython(sqlite, run)
    insertAgentAsPython(sqlite, { id: 'writer', port: 8001, metadata: null, at: '2026-11-20 08:00:00' })
    const counts = (selection: RunSelection) => Object.fromEntries(count(selection).byStatus!)
    expect(counts({})).toEqual({ completed: 3, failed: 1, running: 2 })
    expect(counts({ statuses: ['failed', 'lost'] })).toEqual({ failed: 1 })
    expect(counts({ agents: ['writer'] })).toEqual({ completed: 1, running: 1 })
    expect(counts({ agents: [], isLocal: true })).toEqual({ completed: 2, failed: 1, running: 1 })
    expect(counts({ agents: ['nobody'] })).toEqual({})
    expect(count({ agents: [] })).toEqual({ runs: 0, byStatus: new Map(), isExact: true })
  })

  test('from a moment on, that included, to another, that not', async () => {
    const { runs, count } = openCounts()
    for (const [id, startedAt] of [
      ['a', at - 1],
      ['b', at],
      ['c', at + 1],
      ['next day', at + 86_400_000],
    ] as const) {
      await runs.insert({ id, workflowName: 'writer', agentId: 'writer', status: 'completed', startedAt })
    }
    expect([at - 1, at, at + 1, at + 2].map((from) => count({ from }).runs)).toEqual([4, 3, 2, 1])
    expect([at - 1, at, at + 1, at + 2].map((to) => count({ to }).runs)).toEqual([0, 1, 2, 3])
    expect(count({ from: at, to: at + 86_400_001, agents: ['writer'] }).runs).toBe(3)
  })

  test('all of them where hours and days tell, and otherwise up to 10,000', () => {
    const { sqlite, count } = openCounts()
    sqlite.exec(`
      WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
      INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_workflow, status, started_at, duration_seconds)
      SELECT n, 'writer', 'writer', CASE n WHEN 0 THEN 'other' ELSE 'article' END, 'completed',
        strftime('%Y-%m-%d %H:%M:%f', 1795363200 + n * 60, 'unixepoch'), n FROM numbers`)
    expect(count({})).toMatchObject({ runs: 10_001, isExact: true })
    expect(count({ agents: ['writer'] })).toMatchObject({ runs: 10_001, isExact: true })
    expect(count({ workflows: ['article'] })).toMatchObject({ runs: 10_000, isExact: true })
    expect(count({ workflows: ['article', 'other'] })).toMatchObject({ runs: 10_000, isExact: false })
    expect(count({ longerThanSeconds: 9998 })).toMatchObject({ runs: 2, isExact: true })
  })
})

test('names every agent that has runs of ours, every status and workflow, once and in order', async () => {
  const { store, runs } = openCounts()
  const names = createRunNames(store.db)
  expect(names.agentIds(9)).toEqual([])
  for (const [id, agentId] of [
    ['1', 'writer'],
    ['2', 'editor'],
    ['3', 'writer'],
    ['4', null],
    ['5', 'Ärger'],
    ['6', ''],
  ] as const) {
    const workflowName = agentId ?? 'local'
    await runs.insert({ id, workflowName, agentId, status: id < '3' ? 'failed' : 'completed', startedAt: at })
  }
  expect(names.agentIds(9)).toEqual(['', 'editor', 'writer', 'Ärger'])
  expect(names.agentIds(2)).toEqual(['', 'editor'])
  expect(names.agents(9)).toEqual(['', 'editor', 'local', 'writer', 'Ärger'])
  expect(names.workflows(9)).toEqual(['', 'editor', 'local', 'writer', 'Ärger'])
  expect(names.statuses(9)).toEqual(['completed', 'failed'])
  expect(names.withoutAgentId(9)).toEqual(['local'])
})
