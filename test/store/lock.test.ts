import { describe, expect, test } from 'vitest'
import { StoreOpenError } from '../../src/errors.ts'
import { openStore } from '../../src/store/open.ts'
import { createRunTable } from '../../src/store/runs.ts'
import { createTestClock } from '../support/clock.ts'
import { startOtherProgram } from '../support/other-program.ts'
import { insertRunAsPython, pythonRuns } from '../support/python-database.ts'
import { connect, openTestStore } from '../support/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const sentence = (path: string) =>
  `Another dashboard is already running on ${path}. Use that one, or start this one with another --db file.`

describe('a second dashboard on the same file', () => {
  test('is refused, and the first goes on', async () => {
    const { store, path } = openTestStore()
    expect(() => openStore(path, createTestClock())).toThrow(new StoreOpenError(sentence(path)))
    expect(await store.write(() => 1)).toBe(1)
    expect(() => openStore(path, createTestClock())).toThrow(StoreOpenError)
  })

  test('may start when the first was closed', async () => {
    const { store, path } = openTestStore()
    await store.close()
    expect(await openTestStore(path).store.write(() => 1)).toBe(1)
  })

  test('is refused in another process too, until the first is killed', async () => {
    const path = temporaryFile()
    const first = startOtherProgram()
    await first.openDashboard(path)
    expect(() => openStore(path, createTestClock())).toThrow(new StoreOpenError(sentence(path)))

    await first.kill()
    const { store } = openTestStore(path)
    expect(await store.write(() => 1)).toBe(1)
    await expect(startOtherProgram().openDashboard(path)).rejects.toThrow(sentence(path))
  })

  test('may start on another file', () => {
    expect(openTestStore().path).not.toBe(openTestStore().path)
  })
})

test('the Python program is not shut out', async () => {
  const { store, path } = openTestStore()
  const python = startOtherProgram()
  await python.sql(path, `UPDATE workflow_runs SET status = 'failed'`)
  insertRunAsPython(connect(path), pythonRuns[0]!)
  expect(createRunTable(store).get('repr')).toMatchObject({ status: 'completed' })
})

test('a start that failed leaves the file to the next', async () => {
  const path = temporaryFile()
  const broken = connect(path)
  broken.exec('CREATE VIEW workflow_runs AS SELECT 1')
  expect(() => openStore(path, createTestClock())).toThrow()
  broken.exec('DROP VIEW workflow_runs')
  expect(await openTestStore(path).store.write(() => 1)).toBe(1)
})
