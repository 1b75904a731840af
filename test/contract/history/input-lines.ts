import { expect, test } from 'vitest'
import type { HistoryStore } from '../../../src/store/ports/history.ts'
import { at } from '../../support/history/any-history.ts'
import { indexAll, newestFirst, usual } from './common.ts'
import type { OpenHistory } from './world.ts'

export function inputLines(open: OpenHistory): void {
  const linesOf = async (history: HistoryStore) => {
    const { runs } = await history.page({}, { order: newestFirst, max: 9 })
    return Object.fromEntries(runs.map(({ id, inputLine }) => [id, inputLine]))
  }
  const inputs = '{"topic": "Grid storage", "max_sources": 3}'
  const line = 'topic: Grid storage · max_sources: 3'

  test('a run has a line that says what it was given: as soon as we accept it, or when it is indexed', async () => {
    const { store, add } = await open()
    const ours = {
      ...{ agentId: 'writer', agentUrl: 'http://localhost:1', workflow: undefined, withheld: [] },
      ...{ rerunOf: null, traceId: null, isSampled: true, startedBy: 'Ada', startedById: 'user:1' },
    }
    await store.runs.accept({ run: () => ({ id: 'ours', startedAt: at, inputs, ...ours }) })
    await store.runs.accept({ run: () => ({ id: 'without', startedAt: at, inputs: '{}', ...ours }) })
    await add({ ...usual, inputs: `{'topic': 'Rome'}` }, 'waiting')
    expect(await linesOf(store.history)).toEqual({ ours: line, without: null, 'run-0': null })
    await indexAll(store.history)
    expect(await linesOf(store.history)).toEqual({ ours: line, without: null, 'run-0': 'topic: Rome' })
  })

  test('runs of before the lines get theirs in steps, and another at the same place never has one that is not its own', async () => {
    const { store, add, remove } = await open()
    for (let run = 0; run < 3; run++) await add({ ...usual, startedAt: at + run, inputs }, 'indexed')
    expect(await linesOf(store.history)).toEqual({ 'run-0': null, 'run-1': null, 'run-2': null })
    await store.history.begin()
    while (await store.history.addInputLines());
    expect(await linesOf(store.history)).toEqual({ 'run-0': line, 'run-1': line, 'run-2': line })
    expect(await store.history.addInputLines()).toBe(false)
    await remove('run-1')
    await add({ ...usual, startedAt: at + 1, inputs: '{"topic": "Jazz"}' }, 'waiting')
    expect(await linesOf(store.history)).toEqual({ 'run-0': line, 'run-3': null, 'run-2': line })
  })
}
