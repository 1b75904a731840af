import { describe, expect, test } from 'vitest'
import { createRunTable, type NewRun } from '../../../src/store/sqlite/runs/runs.ts'
import { connect, openTestStore } from '../../support/store.ts'

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

describe('a run', () => {
  test('is read as it was written, payloads to the byte', async () => {
    const row = newRun('a', {
      inputs: '{ "n": 9007199254740993 }',
      outputs: '{"x": NaN}',
      agentWorkflow: 'article_writer',
      agentUrl: 'http://localhost:8001',
      jobId: 'job/1',
      attempt: 1,
      sentAt: at + 5,
      completedAt: at + 10,
      durationSeconds: 0.01,
      totalTokens: 12,
      totalCostUsd: 0.0001,
    })
    const { runs } = await tableWith(row)
    expect(runs.get('a')).toMatchObject(row)
    expect(runs.get('b')).toBeUndefined()
  })

  test('has NULL for what is unknown, and not 0', async () => {
    const { path } = await tableWith(newRun('a'))
    expect(connect(path).prepare('SELECT * FROM workflow_runs').get()).toMatchObject({
      total_tokens: null,
      total_cost_usd: null,
      duration_seconds: null,
      completed_at: null,
    })
  })

  test('is not recorded twice under one id', async () => {
    const { runs } = await tableWith(newRun('a'))
    await expect(runs.insert(newRun('a', { status: 'failed' }))).rejects.toThrow()
    expect(runs.get('a')).toMatchObject({ status: 'completed' })
  })

  test('is changed by what it was, in one step', async () => {
    const { runs } = await tableWith(newRun('a', { status: 'running', attempt: 1 }))
    const changes = await Promise.all(
      [1, 2, 3].map(() =>
        runs.change('a', ({ attempt }) => ({
          change: { attempt: attempt! + 1 },
          event: 'sent',
          attempt: attempt! + 1,
          at,
        })),
      ),
    )
    expect(changes.map((row) => row?.attempt)).toEqual([2, 3, 4])
  })

  test('stays as it is when nothing is to change, and nothing comes of a run that is unknown', async () => {
    const { runs } = await tableWith(newRun('a'))
    expect(await runs.change('a', () => undefined)).toBeUndefined()
    expect(await runs.change('b', () => expect.unreachable())).toBeUndefined()
    expect(runs.get('a')).toMatchObject(newRun('a'))
  })

  test('is unfinished while it is pending or running and belongs to an agent, in the order in which they came', async () => {
    const { runs } = await tableWith(
      newRun('new', { status: 'running', startedAt: at + 1 }),
      newRun('b', { status: 'pending' }),
      newRun('a', { status: 'pending' }),
      ...['completed', 'failed', 'cancelled', 'lost'].map((status) => newRun(status, { status })),
      newRun('local', { status: 'running', agentId: null }),
    )
    expect(runs.unfinished()).toEqual(['b', 'a', 'new'])
  })
})
