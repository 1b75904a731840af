import { describe, expect, test } from 'vitest'
import type { Actor } from '../../src/shared/actor.ts'
import type { BulkProblem, BulkStore, BulkWrite, NewBulk } from '../../src/store/ports/bulk.ts'
import type { RunStep } from '../../src/store/ports/runs.ts'
import type { Store } from '../../src/store/ports.ts'
import { newRun } from '../support/runs/new-run.ts'
import { asKept, hostileTexts } from './hostile-texts.ts'
import type { OpenStore } from './open.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

const ada: Actor = { id: 'user:1', name: 'Ada "A" Lovelace', role: 'operator', agents: ['writer'] }

const newBulk = (id: string, more: Partial<NewBulk> = {}): NewBulk => ({
  id,
  token: `token of ${id}`,
  action: 'rerun',
  runs: { filter: 'status=failed' },
  total: 3,
  startedBy: ada,
  createdAt: at,
  ...more,
})

const added = (id: string) => ({
  id,
  action: 'rerun',
  state: 'waiting',
  filter: 'status=failed',
  total: 3,
  cursor: undefined,
  done: 0,
  leftOut: 0,
  failed: 0,
  startedBy: ada,
  stopReason: null,
  createdAt: at,
  startedAt: null,
  endedAt: null,
  closedAt: null,
})

const accept = (id: string): BulkWrite => ({ accept: { run: () => newRun(id) } })

const cancelled: RunStep = { change: { status: 'cancelled' }, event: { kind: 'cancelled', attempt: 0, at } }
const problem = (reason: string, runId: string, kind: BulkProblem['kind'] = 'left out'): BulkProblem => ({
  kind,
  reason,
  runId,
})
const nothing = { cursor: undefined, done: 0, problems: [] }

/** What every store does with bulk actions. */
export function bulkContract(openStore: OpenStore): void {
  async function begun(id = 'a'): Promise<Store> {
    const store = await openStore()
    await store.bulk.add(newBulk(id))
    await store.bulk.start(id, at)
    return store
  }

  const idsOf = async (bulk: BulkStore) => (await bulk.unended()).map(({ id }) => id)

  test('an action is read as it was added, once for a token', async () => {
    const { bulk } = await openStore()
    expect(await bulk.add(newBulk('a'))).toEqual(added('a'))
    expect(await bulk.add(newBulk('b', { token: 'token of a', action: 'delete' }))).toEqual(added('a'))
    expect(await bulk.get('a')).toEqual(added('a'))
    expect(await bulk.get('b')).toBeUndefined()
    const listed = newBulk('c', { runs: { runIds: ['x', 'ü"'] }, total: undefined, action: 'delete' })
    expect(await bulk.add(listed)).toEqual({ ...added('c'), filter: null, total: undefined, action: 'delete' })
    expect(await bulk.runIds('c')).toEqual(['x', 'ü"'])
  })

  test('one action is added of many with a token at the same moment', async () => {
    const { bulk } = await openStore()
    const all = await Promise.all(['a', 'b', 'c'].map((id) => bulk.add(newBulk(id, { token: 'one' }))))
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    expect(await bulk.unended()).toHaveLength(1)
  })

  test('actions have their turn in the order in which they came, until they end', async () => {
    const { bulk } = await openStore()
    for (const id of ['b', 'a', 'c']) await bulk.add(newBulk(id))
    await bulk.add(newBulk('earlier', { createdAt: at - 1 }))
    expect(await idsOf(bulk)).toEqual(['earlier', 'b', 'a', 'c'])
    expect(await bulk.start('b', at + 1)).toBe(true)
    expect(await bulk.get('b')).toMatchObject({ state: 'working', startedAt: at + 1 })
    expect(await bulk.end('b', 'done', at + 2)).toEqual({
      ...added('b'),
      state: 'done',
      startedAt: at + 1,
      endedAt: at + 2,
    })
    expect(await idsOf(bulk)).toEqual(['earlier', 'a', 'c'])
    expect((await bulk.latest(3)).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  test('what has ended stays so: it neither begins nor ends again', async () => {
    const { bulk } = await openStore()
    await bulk.add(newBulk('a'))
    expect(await bulk.end('a', 'stopped', at + 1, 'Ada left.')).toMatchObject({
      state: 'stopped',
      stopReason: 'Ada left.',
    })
    expect(await bulk.start('a', at + 2)).toBe(false)
    expect(await bulk.end('a', 'done', at + 2)).toBeUndefined()
    expect(await bulk.get('a')).toMatchObject({
      state: 'stopped',
      startedAt: null,
      endedAt: at + 1,
      stopReason: 'Ada left.',
    })
    expect(await bulk.end('none', 'done', at)).toBeUndefined()
  })

  test('only one that has ended can be closed', async () => {
    const { bulk } = await begun()
    await bulk.close('a', at)
    expect(await bulk.get('a')).toMatchObject({ closedAt: null })
    await bulk.end('a', 'done', at)
    await bulk.close('a', at + 1)
    expect(await bulk.get('a')).toMatchObject({ closedAt: at + 1 })
  })

  test('of ended actions the latest hundred stay, of others all', async () => {
    const { bulk } = await openStore()
    const ids = Array.from({ length: 105 }, (_, index) => `${index}`)
    for (const [index, id] of ids.entries()) {
      await bulk.add(newBulk(id, { createdAt: at + index }))
      await bulk.step(id, { ...nothing, problems: [problem('Gone.', 'x')] }, [])
      if (index !== 1) await bulk.end(id, 'done', at + index)
    }
    await bulk.add(newBulk('last', { createdAt: at + 200 }))
    expect((await bulk.latest(200)).map(({ id }) => id)).toEqual(['last', ...ids.slice(6).reverse(), '1'])
    expect(await bulk.reasons('1')).toHaveLength(1)
    expect(await bulk.reasons('0')).toEqual([])
  })

  describe('a step', () => {
    test('moves the action on and does what it has to do to runs', async () => {
      const { bulk, runs } = await begun()
      await runs.accept({ run: () => newRun('there') })
      const progress = { cursor: 7, done: 2, problems: [problem('Gone.', 'x')] }
      const outcomes = await bulk.step('a', progress, [accept('new'), { change: 'there', decide: () => cancelled }])
      expect(outcomes).toMatchObject([
        { value: { run: { id: 'new', status: 'pending' }, isRepeat: false } },
        { value: { run: { id: 'there', status: 'cancelled' }, isChanged: true } },
      ])
      expect(await bulk.get('a')).toMatchObject({ cursor: 7, done: 2, leftOut: 1, failed: 0 })
      expect((await runs.summaries(['new', 'there'])).map(({ status }) => status).sort()).toEqual([
        'cancelled',
        'pending',
      ])
    })

    test('says what came of each write, and one that fails takes no other down with it', async () => {
      const { bulk, runs } = await begun()
      await runs.accept({ run: () => newRun('there') })
      const failing = new Error('No')
      const outcomes = await bulk.step('a', { ...nothing, cursor: 1, done: 4 }, [
        accept('there'),
        accept('new'),
        { change: 'none', decide: () => cancelled },
        {
          change: 'there',
          decide: () => {
            throw failing
          },
        },
      ])
      expect(outcomes).toEqual([
        { error: expect.anything() },
        { value: expect.objectContaining({ isRepeat: false }) },
        { value: undefined },
        { error: failing },
      ])
      expect(await runs.get('new')).toBeDefined()
      expect(await bulk.get('a')).toMatchObject({ cursor: 1, done: 4 })
    })

    test('repeats no run that has a key', async () => {
      const { bulk, runs } = await begun()
      const key = { key: 'key', inputsHash: 'hash', at, expiresBefore: 0 }
      for (const id of ['first', 'second']) await bulk.step('a', nothing, [{ accept: { run: () => newRun(id), key } }])
      expect(await runs.unfinished()).toEqual(['first'])
    })

    test.each(['stopped', 'done'] as const)('of an action that is %s by then does nothing', async (state) => {
      const { bulk, runs } = await begun()
      await runs.accept({ run: () => newRun('there') })
      await bulk.end('a', state, at)
      const before = await bulk.get('a')
      expect(await bulk.step('a', { ...nothing, cursor: 1, done: 1 }, [accept('new')])).toBeUndefined()
      await bulk.deleteRuns('a', [{ id: 'there', cursor: 1, objection: undefined }], { cursor: 1, reasonIfGone: '' })
      expect(await bulk.get('a')).toEqual(before)
      expect(await runs.get('new')).toBeUndefined()
      expect(await runs.get('there')).toBeDefined()
    })

    test('of an action that has moved on from what was planned upon does nothing', async () => {
      const { bulk, runs } = await begun()
      const planned = { cursor: undefined }
      expect(await bulk.step('a', { ...nothing, cursor: 2, done: 1, planned }, [accept('first')])).toHaveLength(1)
      const before = await bulk.get('a')
      expect(await bulk.step('a', { ...nothing, cursor: 2, done: 1, planned }, [accept('again')])).toBeUndefined()
      expect(await bulk.get('a')).toEqual(before)
      expect(await runs.get('again')).toBeUndefined()
      expect(await bulk.step('a', { ...nothing, done: 1, planned: before! }, [accept('second')])).toHaveLength(1)
    })

    test('happens as a whole before or after a stop that is asked for at the same moment', async () => {
      const { bulk, runs } = await begun()
      const stopping = bulk.end('a', 'stopped', at)
      const outcomes = await bulk.step('a', { ...nothing, done: 1 }, [accept('new')])
      await stopping
      expect((await runs.get('new')) !== undefined).toBe(outcomes !== undefined)
      expect((await bulk.get('a'))!.done).toBe(outcomes ? 1 : 0)
    })

    test('may be corrected, also when the action has ended', async () => {
      const { bulk } = await begun()
      await bulk.step('a', { ...nothing, cursor: 3, done: 5 }, [])
      await bulk.end('a', 'done', at)
      await bulk.correct('a', { done: -2, problems: [problem('No.', 'x', 'failed'), problem('Gone.', 'y')] })
      expect(await bulk.get('a')).toMatchObject({ cursor: 3, done: 3, leftOut: 1, failed: 1 })
    })
  })

  describe('reasons', () => {
    test('are counted by their kind, most runs first, with the first of the runs', async () => {
      const { bulk } = await begun()
      await bulk.step(
        'a',
        { ...nothing, problems: [problem('One.', 'x'), problem('Two.', 'y'), problem('Two.', 'z')] },
        [],
      )
      await bulk.step('a', { ...nothing, problems: [problem('Two.', 'w'), problem('One.', 'v', 'failed')] }, [])
      const [first, ...others] = await bulk.reasons('a')
      expect(first).toEqual({ ...problem('Two.', 'y'), runs: 3 })
      expect(others).toEqual(
        expect.arrayContaining([
          { ...problem('One.', 'x'), runs: 1 },
          { ...problem('One.', 'v', 'failed'), runs: 1 },
        ]),
      )
      expect(await bulk.get('a')).toMatchObject({ leftOut: 4, failed: 1 })
    })

    test('beyond thirty are one', async () => {
      const { bulk } = await begun()
      const problems = Array.from({ length: 40 }, (_, index) => problem(`Reason ${index}.`, `run-${index}`))
      await bulk.step('a', { ...nothing, problems }, [])
      const reasons = await bulk.reasons('a')
      expect(reasons).toHaveLength(31)
      expect(reasons[0]).toMatchObject({ runs: 10, kind: 'left out' })
    })

    test.each(Object.entries(hostileTexts))('keep %s', async (_, text) => {
      const { bulk } = await begun()
      await bulk.step('a', { ...nothing, problems: [problem(text, 'x')] }, [])
      const [{ reason } = { reason: '' }] = await bulk.reasons('a')
      expect(reason).toBe(asKept(text, reason))
    })
  })

  describe('deleting runs', () => {
    async function withRuns(...ids: string[]) {
      const store = await begun()
      for (const id of ids) await store.runs.accept({ run: () => newRun(id) })
      return store
    }
    const deletion = (id: string, cursor: number, objection?: string) => ({ id, cursor, objection })

    test('deletes them with all that belongs to them, and moves on by them', async () => {
      const { bulk, runs } = await withRuns('a', 'b', 'c')
      await bulk.deleteRuns('a', [deletion('a', 1), deletion('b', 2, 'Not this one.'), deletion('none', 3)], {
        cursor: 9,
        reasonIfGone: 'Gone.',
      })
      expect((await runs.summaries(['a', 'b', 'c'])).map(({ id }) => id).sort()).toEqual(['b', 'c'])
      expect(await runs.details('a')).toBeUndefined()
      expect(await bulk.get('a')).toMatchObject({ cursor: 9, done: 1, leftOut: 2, failed: 0 })
      expect((await bulk.reasons('a')).map(({ reason, runId }) => [reason, runId]).sort()).toEqual([
        ['Gone.', 'none'],
        ['Not this one.', 'b'],
      ])
    })

    test('moves to the last of them where nothing else is said', async () => {
      const { bulk } = await withRuns('a')
      await bulk.deleteRuns('a', [deletion('a', 4)], { cursor: undefined, reasonIfGone: '' })
      expect(await bulk.get('a')).toMatchObject({ cursor: 4, done: 1 })
    })

    test('frees the key under which one was accepted', async () => {
      const { bulk, runs } = await begun()
      const key = { key: 'key', inputsHash: 'hash', at, expiresBefore: 0 }
      await runs.accept({ run: () => newRun('first'), key })
      await bulk.deleteRuns('a', [deletion('first', 1)], { cursor: 1, reasonIfGone: '' })
      expect(await runs.accept({ run: () => newRun('second'), key })).toMatchObject({ isRepeat: false })
    })

    test('deals with each of many once, in as many steps as that takes', async () => {
      const ids = Array.from({ length: 120 }, (_, index) => `run-${index}`)
      const { bulk, runs } = await withRuns(...ids)
      for (let steps = 0; steps < ids.length && (await bulk.get('a'))!.done < ids.length; steps++) {
        const { cursor = -1 } = (await bulk.get('a'))!
        const left = ids.slice(cursor + 1).map((id, index) => deletion(id, cursor + 1 + index))
        await bulk.deleteRuns('a', left, { cursor: undefined, reasonIfGone: 'Gone.' })
      }
      expect(await bulk.get('a')).toMatchObject({ cursor: 119, done: 120, leftOut: 0 })
      expect(await runs.summaries(ids)).toEqual([])
    })
  })

  test('the revision moves with actions that begin and end and with their runs, but not with mere progress', async () => {
    const store = await begun()
    const { bulk } = store
    const moves = async (change: () => Promise<unknown>) => {
      const before = store.revision()
      await change()
      return store.revision() !== before
    }
    expect(await moves(() => bulk.setTotal('a', 5))).toBe(false)
    expect(await moves(() => bulk.step('a', { ...nothing, done: 1 }, []))).toBe(false)
    expect(await moves(() => bulk.correct('a', nothing))).toBe(false)
    expect(await moves(() => store.announce())).toBe(true)
    expect(await moves(() => bulk.step('a', nothing, [accept('new')]))).toBe(true)
    expect(await moves(() => bulk.end('a', 'done', at))).toBe(true)
    expect(await moves(() => bulk.close('a', at))).toBe(true)
    expect(await moves(() => bulk.add(newBulk('b')))).toBe(true)
    expect(await bulk.get('a')).toMatchObject({ total: 5 })
  })
}
