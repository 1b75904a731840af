import { expect, test } from 'vitest'
import { createRunTable, type NewRun } from '../../../src/store/sqlite/runs/runs.ts'
import { openTestStore } from '../../support/store.ts'

const dayMs = 86_400_000
const newRun = (id: string, startedAt: number): NewRun => ({ id, workflowName: 'writer', status: 'pending', startedAt })
const key = (now: number) => ({ key: 'key', inputsHash: 'hash', at: now, expiresBefore: now - dayMs })

test('a key leads to its run for a day, and then to another, whether or not it was removed by then', async () => {
  const { store } = openTestStore()
  const runs = createRunTable(store)
  const accept = async (id: string, now: number) => (await runs.accept(() => newRun(id, now), key(now))).row.id
  expect(await accept('first', 0)).toBe('first')
  expect(await accept('again', dayMs)).toBe('first')
  expect(await accept('second', dayMs + 1)).toBe('second')
  expect(await accept('again', 2 * dayMs)).toBe('second')
})
