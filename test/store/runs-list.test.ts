import { describe, expect, test } from 'vitest'
import { createAgentTable } from '../../src/store/agents.ts'
import { createRunTable, type NewRun } from '../../src/store/runs.ts'
import { createPythonDatabase } from '../support/python-database.ts'
import { connect, openTestStore } from '../support/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

function newRun(id: string, more: Partial<NewRun> = {}): NewRun {
  return { id, workflowName: 'writer', agentId: 'writer', status: 'completed', startedAt: at, ...more }
}

async function tableWith(...rows: NewRun[]) {
  const { store, path } = openTestStore()
  const runs = createRunTable(store)
  await Promise.all(rows.map((row) => runs.insert(row)))
  return { runs, store, path }
}

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).join(' ')

describe('the list', () => {
  test('has the newest first, and the larger id where the time is the same', async () => {
    const { runs } = await tableWith(
      newRun('b'),
      newRun('old', { startedAt: at - 1 }),
      newRun('c'),
      newRun('new', { startedAt: at + 1 }),
      newRun('a'),
    )
    expect(ids(runs.list({}, { size: 10 }))).toBe('new c b a old')
    expect(ids(runs.list({}, { size: 2 }))).toBe('new c')
  })

  test('leaves payloads on disk', async () => {
    const { runs } = await tableWith(newRun('a', { inputs: '{}', outputs: '{}', errorMessage: 'x' }))
    const [row] = runs.list({}, { size: 1 })
    expect(row).not.toHaveProperty('inputs')
    expect(row).not.toHaveProperty('outputs')
    expect(row).toMatchObject({ startedAt: at, startedAtText: '2026-11-22 16:14:30.057000' })
  })

  test('can be that of one agent, of no agent, or of one status', () => {
    const path = temporaryFile()
    createPythonDatabase(path)
    const runs = createRunTable(openTestStore(path).store)
    const list = (filter: object) => ids(runs.list(filter, { size: 10 }))
    expect(list({ agent: 'writer' })).toBe('agent-running agent')
    expect(list({ agent: 'writer', status: 'running' })).toBe('agent-running')
    expect(list({ agent: 'nobody' })).toBe('')
    expect(list({ isLocal: true })).toBe('nan running millis repr')
    expect(list({ isLocal: true, status: 'failed' })).toBe('millis')
    expect(list({ status: 'running' })).toBe('agent-running running')
  })

  test('counts a run of ours as its agent’s though that was removed', async () => {
    const { runs, store } = await tableWith(newRun('a'), newRun('b', { agentId: null, workflowName: 'report' }))
    expect(createAgentTable(store).all()).toEqual([])
    expect(ids(runs.list({ isLocal: true }, { size: 10 }))).toBe('b')
    expect(ids(runs.list({ agent: 'writer' }, { size: 10 }))).toBe('a')
  })

  /** Sixty runs, many at the same time, with times in every layout that is found in old files. */
  function manyRuns() {
    const { store, path } = openTestStore()
    const sqlite = connect(path)
    const insert = sqlite.prepare(
      'INSERT INTO workflow_runs (id, workflow_name, status, started_at) VALUES (?, ?, ?, ?)',
    )
    const layouts = ['2026-11-22 16:14:30', '2026-11-22T16:14:30.057758', '2026-11-22 16:14:30.057', 'None', '2026', '']
    const statuses = ['completed', 'failed', 'lost']
    for (let run = 0; run < 60; run++) {
      insert.run(
        `run-${(run * 37) % 60}`,
        run % 2 ? 'writer' : 'report',
        statuses[run % 3],
        layouts[run % layouts.length],
      )
    }
    return createRunTable(store)
  }

  test.each([
    [1, {}],
    [7, {}],
    [60, {}],
    [7, { agent: 'writer' }],
    [4, { status: 'failed' }],
    [3, { agent: 'report', status: 'lost' }],
    [7, { isLocal: true }],
  ])('in pages of %i has every run exactly once, forward and backward: %j', (size, filter) => {
    const runs = manyRuns()
    const all = runs.list(filter, { size: 1000 })
    expect(all.length).toBeGreaterThan(9)

    const forward = runs.list(filter, { size })
    for (let page = forward; page.length > 0; forward.push(...page)) {
      const { startedAtText: startedAt, id } = page.at(-1)!
      page = runs.list(filter, { size, olderThan: { startedAt: String(startedAt), id } })
      expect(forward.length + page.length).toBeLessThanOrEqual(all.length)
    }
    expect(ids(forward)).toBe(ids(all))

    const backward = all.slice(-1)
    for (let page = backward; page.length > 0; backward.unshift(...page)) {
      const { startedAtText: startedAt, id } = page[0]!
      page = runs.list(filter, { size, newerThan: { startedAt: String(startedAt), id } })
      expect(backward.length + page.length).toBeLessThanOrEqual(all.length)
    }
    expect(ids(backward)).toBe(ids(all))
  })
})
