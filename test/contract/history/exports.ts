import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { orderOf } from '../../../src/orchestrator/history/filter.ts'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { at } from '../../support/history/any-history.ts'
import { idsIn, newestFirst, usual } from './common.ts'
import type { OpenHistory } from './world.ts'

export function exports(open: OpenHistory): void {
  test('an export has every selected run once, in the order, with its texts', async () => {
    const { store, add, naive } = await open()
    for (let run = 0; run < 60; run++) {
      await add(
        { ...usual, duration: run % 7 || null, status: run % 3 ? 'completed' : 'failed', inputs: `"${run}"` },
        'waiting',
      )
    }
    for (const sort of ['started', '-started', 'duration'] as const) {
      const filter = { agents: [], statuses: ['completed'], search: [] }
      const read: string[] = []
      for await (const runs of store.history.export(selectionOf(filter), orderOf(sort))) {
        read.push(...idsIn(runs))
        for (const { id, inputs } of runs) expect(inputs).toBe(`"${id.slice(4)}"`)
      }
      expect(read).toEqual(idsIn(naive(filter, sort)))
    }
  })

  test('an export goes on while runs come and go, past none that stays', async () => {
    const { store, add, remove } = await open()
    const long = 'x'.repeat(40_000)
    for (let run = 0; run < 30; run++) await add({ ...usual, inputs: long }, 'waiting')
    const seen: string[] = []
    for await (const runs of store.history.export({}, newestFirst)) {
      seen.push(...idsIn(runs))
      for (const { id } of runs) await remove(id)
      await add({ ...usual, startedAt: at + 1 }, 'waiting')
      await setImmediate()
    }
    expect(seen.toSorted()).toEqual(Array.from({ length: 30 }, (_, run) => `run-${run}`).toSorted())
  })
}
