import { describe, expect, test } from 'vitest'
import { newestFirst } from '../../../src/store/history/scanning.ts'
import type { RunSelection } from '../../../src/store/ports/run-selection.ts'
import { createRunLists } from '../../../src/store/sqlite/history/list.ts'
import { createRunReading } from '../../../src/store/sqlite/history/reading.ts'
import { insertAgentAsPython, insertRunAsPython } from '../../support/store/python-database.ts'
import { createRunTable, type NewRunRow } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

function newRun(id: string, more: Partial<NewRunRow> = {}): NewRunRow {
  return { id, workflowName: 'writer', agentId: 'writer', status: 'completed', startedAt: at, ...more }
}

async function listsOf(...rows: NewRunRow[]) {
  const { store, path } = openTestStore()
  const runs = createRunTable(store)
  const reading = createRunReading(store.db)
  const lists = createRunLists(reading)
  for (const row of rows) await runs.insert(row)
  const list = (selection: RunSelection, size = 100) => lists.page(selection, { order: newestFirst, size }).rows
  return { runs, store, path, reading, lists, list }
}

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).join(' ')

describe('the list', () => {
  test('has the newest first, and what came last where the time is the same', async () => {
    const { list } = await listsOf(
      newRun('b'),
      newRun('old', { startedAt: at - 1 }),
      newRun('c'),
      newRun('new', { startedAt: at + 1 }),
      newRun('a'),
    )
    expect(ids(list({}))).toBe('new a c b old')
    expect(ids(list({}, 2))).toBe('new a')
  })

  test('has of each run what it shows, NULL where that is unknown', async () => {
    const known = {
      agentWorkflow: 'article_writer',
      completedAt: at + 10,
      durationSeconds: 0.01,
      totalTokens: 12,
      totalCostUsd: 0.0001,
      rerunOf: 'b',
      errorMessage: `${'x'.repeat(200)}beyond`,
    }
    const { list } = await listsOf(newRun('b'), newRun('a', { startedAt: at + 1, ...known }))
    const [a, b] = list({})
    const { agentWorkflow: workflow, errorMessage: _, ...rest } = known
    expect(a).toEqual({
      seq: (at + 1) * 4096,
      id: 'a',
      agent: 'writer',
      agentId: 'writer',
      status: 'completed',
      startedAt: at + 1,
      workflow,
      error: 'x'.repeat(200),
      inputLine: null,
      isReported: false,
      startedBy: null,
      ...rest,
    })
    const unknown = { completedAt: null, durationSeconds: null, totalTokens: null, totalCostUsd: null, error: null }
    expect(b).toMatchObject({ id: 'b', workflow: 'writer', rerunOf: null, ...unknown })
  })

  test('can be that of some agents, of no agent, of both, or of some statuses', async () => {
    const { path, list } = await listsOf(newRun('ours', { status: 'failed' }))
    const python = connect(path)
    insertAgentAsPython(python, { id: 'writer', port: 8001, metadata: null, at: '2026-11-20 08:00:00' })
    insertAgentAsPython(python, { id: 'editor', port: 8002, metadata: null, at: '2026-11-20 08:00:00' })
    const row = { status: 'completed', inputs: null, outputs: null, completedAt: null }
    for (const [id, workflow] of Object.entries({
      theirs: 'writer',
      editor: 'editor',
      local: 'report',
      other: 'digest',
    })) {
      insertRunAsPython(python, { ...row, id, workflow, startedAt: '2026-11-23 08:00:00.000000' })
    }
    expect(ids(list({ agents: ['writer'] }))).toBe('theirs ours')
    expect(ids(list({ agents: ['writer', 'editor'] }))).toBe('editor theirs ours')
    expect(ids(list({ agents: ['writer'], statuses: ['failed', 'lost'] }))).toBe('ours')
    expect(ids(list({ agents: ['nobody'] }))).toBe('')
    expect(ids(list({ agents: [] }))).toBe('')
    expect(ids(list({ agents: [], isLocal: true }))).toBe('other local')
    expect(ids(list({ agents: ['editor'], isLocal: true }))).toBe('other local editor')
    expect(ids(list({ statuses: ['failed'], isLocal: true }))).toBe('')
  })

  test('counts a run of ours as its agent’s though that was removed, and one of Python’s as of none', async () => {
    const { list, store, path } = await listsOf(newRun('a'), newRun('b', { agentId: null, workflowName: 'report' }))
    insertRunAsPython(connect(path), {
      ...{ id: 'c', workflow: 'writer', status: 'completed', inputs: null, outputs: null, completedAt: null },
      startedAt: '2026-11-23 08:00:00.000000',
    })
    expect(await store.agents.all()).toEqual([])
    expect(ids(list({ agents: [], isLocal: true }))).toBe('c b')
    expect(ids(list({ agents: ['writer'] }))).toBe('c a')
  })

  test('has runs whose start cannot be read at its end, and in no span of time', async () => {
    const { path, list } = await listsOf(newRun('a'))
    const insert = connect(path).prepare(
      "INSERT INTO workflow_runs (id, workflow_name, status, started_at) VALUES (?, 'report', 'completed', ?)",
    )
    for (const [index, odd] of ['None', '2026', '', '2026-13-45 99:00:00'].entries()) insert.run(`odd-${index}`, odd)
    const all = list({})
    expect(ids(all)).toBe('a odd-3 odd-2 odd-1 odd-0')
    expect(all.map(({ startedAt }) => startedAt)).toEqual([at, NaN, NaN, NaN, NaN])
    expect(ids(list({ to: at + 1 }))).toBe('a')
    expect(ids(list({ from: 0 }))).toBe('a')
  })

  test('is found with a hundred agents and a hundred statuses to choose from', async () => {
    const { list, runs } = await listsOf()
    const words = Array.from({ length: 100 }, (_, index) => String(index).padStart(3, '0'))
    await Promise.all(
      words.map((word, index) =>
        runs.insert(newRun(word, { workflowName: word, agentId: null, status: `is ${word}`, startedAt: at + index })),
      ),
    )
    const statuses = words.map((word) => `is ${word}`)
    const all = ids([...words].reverse().map((id) => ({ id })))
    expect(ids(list({ agents: words, statuses }))).toBe(all)
    expect(ids(list({ agents: words.slice(0, 3), statuses }))).toBe('002 001 000')
    expect(ids(list({ agents: [], isLocal: true }))).toBe(all)
    const isNot = true
    expect(
      ids(
        list(
          {
            names: [
              { of: 'agent', values: ['099'], isNot },
              { of: 'status', values: ['is 098'], isNot },
            ],
          },
          1,
        ),
      ),
    ).toBe('097')
  })
})

describe('runs that have come since', () => {
  test('are those of the selection at a later place, as far as they are counted', async () => {
    const { lists, runs } = await listsOf(newRun('a'), newRun('b'), newRun('before', { startedAt: at - 1 }))
    const place = { seq: at * 4096 + 1 }
    expect(lists.countAfter({}, place, 9)).toEqual({ runs: 0, isExact: true })
    for (const id of ['c', 'd', 'e']) await runs.insert(newRun(id, { status: id === 'e' ? 'failed' : 'completed' }))
    expect(lists.countAfter({}, place, 9)).toEqual({ runs: 3, isExact: true })
    expect(lists.countAfter({ statuses: ['failed'] }, place, 9)).toEqual({ runs: 1, isExact: true })
    expect(lists.countAfter({}, place, 2)).toEqual({ runs: 2, isExact: false })
  })
})

describe('payloads', () => {
  test('are texts, and nothing for a run that is gone', async () => {
    const { reading, path } = await listsOf(newRun('a', { inputs: '{"x":NaN}' }))
    connect(path).exec("UPDATE workflow_runs SET outputs = 12, error_message = x'6f6f'")
    expect(reading.payloadsOf('a')).toEqual({ inputs: '{"x":NaN}', outputs: '12', error: 'oo' })
    expect(reading.payloadsOf('b')).toBeUndefined()
  })
})
