import { describe, expect, test, vi } from 'vitest'
import { createHistoryIndex } from '../../src/orchestrator/history/indexing.ts'
import { StoreBusyError } from '../../src/shared/errors.ts'
import type { Store } from '../../src/store/sqlite/file/open.ts'
import { createHistoryStore } from '../../src/store/sqlite/history/store.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { createTestClock, settle } from '../support/clock.ts'
import { createTestEvents } from '../support/events.ts'
import { createTestExecutions, succeeded } from '../support/runs/executions.ts'
import { createPythonDatabase, insertRunAsPython, pythonRuns } from '../support/store/python-database.ts'
import { expectIndexOfAll, expectSearchOfAll, expectSums } from '../support/store/run-index.ts'
import { connect, openTestStore } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

/** A file of the Python program's with `count` runs more than it has anyway. */
function pythonFile(count = 0): string {
  const path = temporaryFile()
  createPythonDatabase(path)
  const python = connect(path)
  python.transaction(() => {
    for (let run = 0; run < count; run++) insertRunAsPython(python, { ...pythonRuns[3]!, id: `run-${run}` })
  })()
  return path
}

function historyOf(path: string, change: (store: Store) => Partial<Store> = () => ({})) {
  const { store, clock } = openTestStore(path)
  const { events, errors } = createTestEvents()
  const onRead = vi.fn()
  events.on('history-read', onRead)
  // Every look at the clock takes a millisecond: steps end by their time.
  let looks = 0
  const ticking = { ...clock, elapsed: () => clock.elapsed() + looks++ }
  const history = createHistoryIndex({
    store: { ...store, history: createHistoryStore({ ...store, ...change(store) }, ticking) },
    clock: ticking,
    events,
  })
  return { store, clock, history, onRead, errors, python: connect(path) }
}

/** Whether a search finds a run. */
const isFound = ({ db }: Store, id: string, word: string) =>
  db.$client
    .prepare(
      `SELECT 1 FROM run_search JOIN run_index ON run_index.seq = run_search.rowid
       WHERE run_search MATCH ? AND run_id = ?`,
    )
    .get(word, id) !== undefined

describe('the history of a file that the Python program made', () => {
  test('is read in the background from the start on, and it is told how far', async () => {
    const { clock, history, python, onRead, errors } = historyOf(pythonFile(600))
    expect(await history.state()).toEqual({ reading: { done: 0, total: 606 }, unsearched: 0 })
    history.start()
    await clock.advance(20)
    const { reading, unsearched } = await history.state()
    expect(reading!.done).toBeGreaterThan(0)
    expect(reading!.done).toBeLessThan(500)
    expect(unsearched).toBeGreaterThan(0)
    expect(onRead).not.toHaveBeenCalled()

    await clock.advance(5000)
    expect(await history.state()).toEqual({ reading: undefined, unsearched: 0 })
    expectIndexOfAll(python)
    expectSums(python)
    expectSearchOfAll(python)
    expect(onRead).toHaveBeenCalledOnce()
    expect(errors).toEqual([])
    await history.stop()
  })

  test('is gone on with by the next start', async () => {
    const path = pythonFile(600)
    const clock = createTestClock()
    const store = openSqliteStore(path, clock)
    let looks = 0
    const ticking = { ...clock, elapsed: () => looks++ }
    const { events, errors } = createTestEvents()
    const first = createHistoryIndex({
      store: { ...store, history: createHistoryStore(store, ticking) },
      clock: ticking,
      events,
    })
    first.start()
    await clock.advance(20)
    await first.stop()
    expect(errors).toEqual([])
    const { reading } = await first.state()
    expect(clock.timers()).toBe(0)
    await store.close()

    const second = historyOf(path)
    expect((await second.history.state()).reading).toEqual(reading)
    second.history.start()
    await second.clock.advance(5000)
    expectIndexOfAll(second.python)
    expectSearchOfAll(second.python)
    await second.history.stop()
  })

  test('does not keep a run of now from being found', async () => {
    const { store, clock, history, python } = historyOf(pythonFile(6000))
    history.start()
    await clock.advance(20)
    insertRunAsPython(python, { ...pythonRuns[3]!, id: 'now', inputs: '"zebra"', startedAt: '2026-11-22 16:00:00' })
    for (let waited = 0; !isFound(store, 'now', 'zebra'); waited += 5) {
      expect(waited).toBeLessThan(1000)
      await clock.advance(5)
    }
    expect((await history.state()).reading).toBeDefined()
    await history.stop()
  })
})

describe('what anybody writes', () => {
  test('is found within a second, and not any more when it was removed', async () => {
    const { store, clock, history, python } = historyOf(temporaryFile())
    history.start()
    await clock.advance(5000)
    insertRunAsPython(python.exec('SELECT 1'), { ...pythonRuns[3]!, id: 'theirs', inputs: '"zebra"' })
    await clock.advance(1000)
    expect(isFound(store, 'theirs', 'zebra')).toBe(true)
    python.exec("DELETE FROM workflow_runs WHERE id = 'theirs'")
    await clock.advance(1000)
    expect((await history.state()).unsearched).toBe(0)
    expectSearchOfAll(python)
    await history.stop()
  })
})

describe('who shows the history', () => {
  test('is told that it has grown: about once a second while there is much, and when all is there', async () => {
    const { store, clock, history } = historyOf(pythonFile(2000))
    const seen = new Set([store.revision()])
    history.start()
    let steps = 0
    const isBusy = async () => {
      const { reading, unsearched } = await history.state()
      return reading !== undefined || unsearched > 0
    }
    for (; await isBusy(); steps++) {
      await clock.advance(5)
      seen.add(store.revision())
    }
    expect(steps).toBeGreaterThan(40)
    expect(seen.size).toBeGreaterThan(2)
    expect(seen.size).toBeLessThan(steps / 8)
    const before = store.revision()
    await clock.advance(300)
    expect(store.revision()).toBe(before)
    await history.stop()
  })

  test('hears nothing while nothing happens', async () => {
    const { store, clock, history } = historyOf(pythonFile(20))
    history.start()
    await clock.advance(5000)
    const before = store.revision()
    await clock.advance(60_000)
    expect(store.revision()).toBe(before)
    await history.stop()
  })
})

describe('what goes wrong', () => {
  test('is reported, and tried again after a while', async () => {
    let isFull = true
    const { clock, history, errors, python } = historyOf(pythonFile(), ({ write }) => ({
      write: (...given) => (isFull ? Promise.reject(new Error('The disk is full.')) : write(...given)),
    }))
    history.start()
    await clock.advance(30_000)
    expect(errors).toEqual([new Error('The disk is full.')])
    isFull = false
    await clock.advance(60_000)
    expectIndexOfAll(python)
    await history.stop()
  })

  test('is nothing when another program has locked the database for long', async () => {
    let isLocked = true
    const { clock, history, errors, python } = historyOf(pythonFile(), ({ write }) => ({
      write: (...given) => (isLocked ? Promise.reject(new StoreBusyError()) : write(...given)),
    }))
    history.start()
    await clock.advance(5000)
    isLocked = false
    await clock.advance(5000)
    expectIndexOfAll(python)
    expect(errors).toEqual([])
    await history.stop()
  })
})

test('runs that had not ended and are found only among older rows are gone on with, once', async () => {
  const path = temporaryFile()
  const store = openSqliteStore(path, createTestClock())
  const old = store.db.$client.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_url, status, inputs, started_at, attempt, job_id)
     VALUES (?, 'writer', 'writer', 'http://localhost/writer', ?, '{}', '2026-11-20 09:00:00', ?, ?)`,
  )
  old.run('waiting', 'pending', 0, null)
  old.run('working', 'running', 1, 'job-1')
  // As before the index was there.
  store.db.$client.exec("DELETE FROM run_index; UPDATE dashboard_state SET value = 2 WHERE key LIKE 'history_n%'")
  await store.close()

  const world = createTestExecutions(path)
  const { executions, clock, sent, polled } = world
  world.events.on('history-read', executions.resume)
  const history = createHistoryIndex({ store: world.store, clock, events: world.events })
  executions.resume()
  const ours = await world.accept()
  expect(sent).toHaveLength(1)
  history.start()
  await clock.advance(5000)
  expect(sent.map(({ id }) => id)).toEqual([ours, 'waiting'])
  expect(polled.map(({ jobId }) => jobId)).toEqual(['job-1'])
  for (const call of sent) await call.answer(succeeded)
  for (const call of polled) await call.answer(succeeded)
  await settle()
  expect(world.runs.unfinished()).toEqual([])
  expect(world.errors).toEqual([])
  await history.stop()
  await executions.close()
})
