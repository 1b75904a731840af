import { describe, expect, test } from 'vitest'
import { eq } from '../../../src/store/sqlite/sql/drizzle.ts'
import { workflowRuns } from '../../../src/store/sqlite/sql/schema/runs.ts'
import { settle } from '../../support/clock.ts'
import { startOtherProgram } from '../../support/store/other-program.ts'
import { createRunTable, type NewRunRow } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const newRun = (id: string): NewRunRow => ({ id, workflowName: 'writer', status: 'pending', startedAt: 0 })

describe('the revision', () => {
  test('stands still while nobody changes anything, reading included', async () => {
    const { store } = openTestStore()
    const before = store.revision()
    store.db.select().from(workflowRuns).all()
    await settle()
    expect(store.revision()).toBe(before)
  })

  test('moves when we change something', async () => {
    const { store } = openTestStore()
    const seen = [store.revision()]
    await createRunTable(store).insert(newRun('a'))
    seen.push(store.revision())
    await store.write(() => store.db.delete(workflowRuns).where(eq(workflowRuns.id, 'a')).run())
    seen.push(store.revision())
    expect(new Set(seen).size).toBe(3)
  })

  test('moves when another program does', async () => {
    const { store, path } = openTestStore()
    const other = startOtherProgram()
    const before = store.revision()
    await other.sql(path, `INSERT INTO session_state VALUES ('a', '', 0, NULL, NULL, '')`)
    expect(store.revision()).not.toBe(before)
  })

  test('is never one that was there before', async () => {
    const { store, path } = openTestStore()
    const other = connect(path)
    const seen = [store.revision()]
    for (let round = 0; round < 5; round++) {
      await createRunTable(store).insert(newRun(`ours-${round}`))
      seen.push(store.revision())
      other.prepare(`INSERT INTO session_state VALUES (?, '', 0, NULL, NULL, '')`).run(`theirs-${round}`)
      seen.push(store.revision())
    }
    expect(new Set(seen).size).toBe(seen.length)
  })
})
