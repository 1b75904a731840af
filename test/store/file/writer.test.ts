import { describe, expect, test } from 'vitest'
import { StoreBusyError } from '../../../src/shared/errors.ts'
import type { Store } from '../../../src/store/sqlite/file/open.ts'
import { workflowRuns } from '../../../src/store/sqlite/sql/schema/runs.ts'
import { fillDisk } from '../../support/store/faults.ts'
import { startOtherProgram } from '../../support/store/other-program.ts'
import { createRunTable, type NewRunRow } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const newRun = (id: string): NewRunRow => ({ id, workflowName: 'writer', status: 'pending', startedAt: 0 })

function idsIn(path: string): unknown[] {
  return connect(path).prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()
}

describe('writes of one moment', () => {
  test('are all there, in the order they were asked for', async () => {
    const { store, path } = openTestStore()
    const order: number[] = []
    const results = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        store.write(() => {
          order.push(index)
          store.db
            .insert(workflowRuns)
            .values(newRun(`run-${index}`))
            .run()
          return index
        }),
      ),
    )
    expect(results).toEqual(order)
    expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index))
    expect(idsIn(path)).toHaveLength(500)
  })

  test('do not undo each other: the one that throws is undone alone', async () => {
    const { store, path } = openTestStore()
    const runs = createRunTable(store)
    const half = store.write(() => {
      store.db.insert(workflowRuns).values(newRun('half')).run()
      throw new Error('Changed my mind')
    })
    const outcomes = await Promise.allSettled([
      runs.insert(newRun('a')),
      half,
      runs.insert(newRun('a')),
      runs.insert(newRun('b')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    await expect(half).rejects.toThrow('Changed my mind')
    expect(idsIn(path)).toEqual(['a', 'b'])
  })

  test('are all refused when there is no room for one of them: they may belong together', async () => {
    const { store, path } = openTestStore()
    const runs = createRunTable(store)
    await runs.insert(newRun('a'))
    const makeRoom = fillDisk(store)
    const large = { ...newRun('large'), inputs: 'x'.repeat(100_000) }
    const change = store.runs.change('a', () => ({ change: { polls: 1 }, event: { kind: 'sent', attempt: 0, at: 0 } }))
    const outcomes = await Promise.allSettled([change, runs.insert(large)])
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { status: 507 } })
    expect(runs.get('a')!.polls).toBeNull()
    makeRoom()
    await runs.insert(large)
    expect(idsIn(path)).toEqual(['a', 'large'])
  })

  test('are on disk for others when they resolve', async () => {
    const { store, path } = openTestStore()
    await createRunTable(store).insert(newRun('a'))
    expect(idsIn(path)).toEqual(['a'])
  })

  test('may be asked for by what an earlier one led to', async () => {
    const { store, path } = openTestStore()
    const runs = createRunTable(store)
    await runs.insert(newRun('a')).then(() => runs.insert(newRun('b')))
    expect(idsIn(path)).toEqual(['a', 'b'])
  })

  test('are finished before the store closes, and refused afterwards', async () => {
    const { store, path } = openTestStore()
    const runs = createRunTable(store)
    const written = runs.insert(newRun('a'))
    await store.close()
    expect(await written).toMatchObject({ id: 'a' })
    await expect(runs.insert(newRun('b'))).rejects.toThrow('not open')
    expect(idsIn(path)).toEqual(['a'])
  })
})

describe('a change', () => {
  const isWaitedFor = (store: Store) => store.db.$client.pragma('synchronous', { simple: true }) === 2

  test('that is silent moves the revision only in the company of one that is not', async () => {
    const { store } = openTestStore()
    const before = store.revision()
    await store.write(() => undefined, { isSilent: true })
    expect(store.revision()).toBe(before)
    await Promise.all([store.write(() => undefined, { isSilent: true }), store.write(() => undefined)])
    expect(store.revision()).not.toBe(before)
  })

  test('that is repeatable is not waited for by the disk, unless it comes with one that is not', async () => {
    const { store } = openTestStore()
    const repeatable = { isRepeatable: true }
    expect(await store.write(() => isWaitedFor(store), repeatable)).toBe(false)
    expect(await store.write(() => isWaitedFor(store))).toBe(true)
    const both = [store.write(() => isWaitedFor(store), repeatable), store.write(() => isWaitedFor(store))]
    expect(await Promise.all(both)).toEqual([true, true])
    await expect(
      store.write(() => {
        throw new Error('Changed my mind')
      }, repeatable),
    ).rejects.toThrow()
    expect(isWaitedFor(store)).toBe(true)
  })
})

describe('while another program holds the write lock, a write', () => {
  async function lockedStore() {
    const opened = openTestStore()
    const other = startOtherProgram()
    await other.sql(opened.path, 'BEGIN IMMEDIATE')
    return { ...opened, other, runs: createRunTable(opened.store) }
  }

  test('waits, and succeeds once the lock is let go', async () => {
    const { runs, other, clock, path } = await lockedStore()
    const written = runs.insert(newRun('ours'))
    await clock.advance(100)
    expect(idsIn(path)).toEqual([])

    await other.sql(
      path,
      `INSERT INTO workflow_runs (id, workflow_name, status, started_at)
      VALUES ('theirs', 'w', 'completed', '2026-11-22 16:14:30.057758'); COMMIT`,
    )
    await clock.advance(25)
    expect(await written).toMatchObject({ id: 'ours' })
    expect(idsIn(path)).toEqual(['ours', 'theirs'])
  })

  test('does not keep anyone from reading', async () => {
    const { store, runs, clock } = await lockedStore()
    const refused = expect(runs.insert(newRun('a'))).rejects.toBeInstanceOf(StoreBusyError)
    await clock.advance(25)
    expect(runs.get('a')).toBeUndefined()
    expect(store.revision()).toBe(store.revision())
    await clock.leap(10_000)
    await refused
  })

  test('is refused when its patience ends, later ones each at the end of their own', async () => {
    const { runs, other, clock, path } = await lockedStore()
    const refused = expect(runs.insert(newRun('early'))).rejects.toMatchObject({
      code: 'store-busy',
      status: 503,
      message: 'The database is locked by another program. Nothing was saved; try again in a moment.',
    })
    await clock.leap(6000)
    const late = runs.insert(newRun('late'))
    await clock.leap(4000)
    await refused

    await other.sql(path, 'COMMIT')
    await clock.advance(25)
    expect(await late).toMatchObject({ id: 'late' })
    expect(idsIn(path)).toEqual(['late'])
    expect(clock.timers()).toBe(0)
  })

  test.each([86_400_000, -86_400_000])('is as patient as ever when the wall clock is set by %i ms', async (ms) => {
    const { runs, other, clock, path } = await lockedStore()
    const written = runs.insert(newRun('a'))
    await clock.advance(100)
    clock.jump(ms)
    await clock.advance(100)
    await other.sql(path, 'COMMIT')
    await clock.advance(25)
    expect(await written).toMatchObject({ id: 'a' })
    expect(clock.timers()).toBe(0)
  })

  test('is carried out once, however often it was tried', async () => {
    const { store, other, clock, path } = await lockedStore()
    let tries = 0
    const written = store.write(() => ++tries)
    await clock.advance(100)
    await other.sql(path, 'ROLLBACK')
    await clock.advance(25)
    expect(await written).toBe(1)
  })

  test('succeeds when the other program is killed', async () => {
    const { runs, other, clock, path } = await lockedStore()
    const written = runs.insert(newRun('a'))
    await other.kill()
    await clock.advance(25)
    expect(await written).toMatchObject({ id: 'a' })
    expect(idsIn(path)).toEqual(['a'])
  })
})
