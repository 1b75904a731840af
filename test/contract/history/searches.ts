import { describe, expect, test } from 'vitest'
import type { ExportedRun } from '../../../src/store/ports/history.ts'
import type { PlainRun } from '../../support/runs/plain-runs.ts'
import { asKept, hostileTexts } from '../hostile-texts.ts'
import { found, indexAll, newestFirst, usual } from './common.ts'
import type { OpenHistory } from './world.ts'

export function searches(open: OpenHistory): void {
  const texts: Partial<PlainRun>[] = [
    { inputs: '{"q":"客户要求退款，因为商品有问题"}' },
    { outputs: '{"a":"고객이 전액환불을 요청"}' },
    { error: 'ลูกค้าขอคืนเงินทันที' },
    { inputs: '{"address":"Lange Straße 5 🤖🤖"}' },
    { inputs: '{"q":"\\u9000\\u6b3e"}' },
    { outputs: '{"a":"two refunds, safety jazz rome"}' },
    { outputs: '{"id": 9007199254740993, "topic": "jazz safety"}' },
    { inputs: '{"k": 1, "k": 2}', error: 'refused by 退款 service' },
  ]

  describe.each(['waiting', 'indexed'] as const)('texts that are %s', (when) => {
    test.each([
      ['退款', '0 4 7'],
      ['款', '0 4 7'],
      ['要求退款', '0'],
      ['退款要求', ''],
      ['전액환불', '1'],
      ['คืนเงิน', '2'],
      ['strasse', '3'],
      ['STRAẞE', '3'],
      ['🤖', '3'],
      ['refund', ''],
      ['refund*', '5'],
      ['"safety jazz"', '5'],
      ['"jazz safety"', '6'],
      ['"jazz jazz"', ''],
      ['🤖🤖', '3'],
      ['🤖🤖🤖', ''],
      ['safety jazz', '5 6'],
      ['safety -"jazz rome"', '6'],
      ['jazz OR 환불', '1 5 6'],
      ['error:退款', '7'],
      ['out.topic:jazz', '6'],
      ['out.id:9007199254740993', '6'],
      ['out.id:9007199254740992', ''],
      ['in.k:2', '7'],
      ['in.q:*', '0 4'],
      ['-in.q:*', '1 2 3 5 6 7'],
    ])('are found by %s', async (q, expected) => {
      const { store, add } = await open()
      for (const text of texts) await add({ ...usual, ...text }, 'waiting')
      if (when === 'indexed') await indexAll(store.history)
      expect(await found(store.history, q)).toEqual(
        expected
          .split(' ')
          .filter(Boolean)
          .map((number) => `run-${number}`),
      )
    })
  })

  test('a run is found by what it says now, whatever was indexed of it', async () => {
    const { store, add } = await open()
    // Indexed is “safety”.
    await add({ ...usual, inputs: 'weather' }, 'outdated')
    expect(await found(store.history, 'safety')).toEqual([])
    expect(await found(store.history, 'weather')).toEqual(['run-0'])
    await indexAll(store.history)
    expect(await found(store.history, 'safety')).toEqual([])
    expect(await found(store.history, 'weather')).toEqual(['run-0'])
  })

  test('a run that is gone is not found, and neither are its texts', async () => {
    const { store, add, remove } = await open()
    await add({ ...usual, inputs: 'weather' }, 'waiting')
    await indexAll(store.history)
    await remove('run-0')
    expect(await found(store.history, 'weather')).toEqual([])
    expect(await store.history.texts('run-0')).toBeUndefined()
  })

  test.each(Object.entries(hostileTexts))('%s harms neither a run nor those beside it', async (_, text) => {
    const { store, add } = await open()
    const { history } = store
    const beside = { ...usual, inputs: 'weather' }
    await add(beside, 'waiting')
    await add({ ...usual, inputs: text, outputs: text, error: `failed ${text}` }, 'waiting')
    await add(beside, 'waiting')
    for (let time = 0; time < 2; time++, await indexAll(history)) {
      expect(await found(history, 'weather')).toEqual(['run-0', 'run-2'])
      expect(await found(history, 'error:failed')).toEqual(['run-1'])
      expect(await history.count({})).toMatchObject({ runs: 3, isExact: true })
    }
    const kept = (await history.texts('run-1'))!
    expect(kept.inputs).toBe(asKept(text, kept.inputs!))
    expect(kept.outputs).toBe(asKept(text, kept.outputs!))
    const exported: ExportedRun[] = []
    for await (const runs of history.export({}, newestFirst)) exported.push(...runs)
    expect(exported.find(({ id }) => id === 'run-1')).toMatchObject(kept)
    expect(exported).toHaveLength(3)
    const names = { agents: [text], statuses: [text], workflows: [text], names: [] }
    expect((await history.page(names, { order: newestFirst, max: 9 })).runs).toEqual([])
  })

  test('what is done in the background is silent until it is announced', async () => {
    const { store, add } = await open()
    await add({ ...usual, inputs: 'weather' }, 'waiting')
    expect(await store.history.unindexed(9)).toBe(1)
    const before = store.revision()
    await indexAll(store.history)
    await store.history.takeIn()
    expect(store.revision()).toBe(before)
    expect(await store.history.progress()).toBeUndefined()
    await store.announce()
    expect(store.revision()).not.toBe(before)
  })
}
