import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BackupError } from '../../src/shared/errors.ts'
import type { UpkeepRule } from '../../src/store/ports/upkeep.ts'
import type { OpenStore } from './open.ts'

const nothing: UpkeepRule = { old: [], keepRuns: 0, keysBefore: 0, isThorough: true }
const toTheEnd = { signal: new AbortController().signal, onCheck: () => {} }

/** What every store does to keep itself in order; see agents.ts. Which runs go is shown with the port of runs. */
export function upkeepContract(openStore: OpenStore): void {
  test('an empty store has facts, and nothing to delete', async () => {
    const { upkeep } = await openStore()
    const facts = await upkeep.facts()
    expect(facts).toMatchObject({ runs: { runs: 0, oldest: undefined, newest: undefined }, states: undefined })
    expect(facts.sizes.data + (facts.sizes.log ?? 0)).toBeGreaterThan(0)
    expect(facts.version).toMatch(/^\d/)
    expect(facts.tables.length).toBeGreaterThan(0)
    const old = [{ status: 'completed', startedBefore: Date.UTC(2040, 0) }]
    expect(await upkeep.retention(old)).toEqual({
      due: 0,
      deleted: { runs: 0, firstAt: undefined, lastAt: undefined },
    })
    for await (const deleted of upkeep.tidy({ ...nothing, old, keepRuns: 1 })) expect(deleted).toBe(0)
  })

  test('tidying is silent, and announcing is what moves the revision', async () => {
    const store = await openStore()
    const before = store.revision()
    for await (const _ of store.upkeep.tidy(nothing));
    expect(store.revision()).toBe(before)
    await store.announce()
    expect(store.revision()).not.toBe(before)
  })
}

/** Of a store that makes backups itself. */
export function backupContract(openStore: OpenStore): void {
  describe('a backup', () => {
    test('is a file that takes the place of the one before, until it is discarded', async () => {
      const { upkeep } = await openStore()
      expect(upkeep.backupFault()).toBeUndefined()
      let checks = 0
      const first = await upkeep.backUp({ ...toTheEnd, onCheck: () => checks++ })
      expect([checks, first.bytes > 0, existsSync(first.path)]).toEqual([1, true, true])
      const second = await upkeep.backUp(toTheEnd)
      expect(existsSync(second.path)).toBe(true)
      await upkeep.discardBackup()
      expect([existsSync(first.path), existsSync(second.path)]).toEqual([false, false])
      await upkeep.discardBackup()
    })

    test('that is stopped leaves nothing', async () => {
      const { upkeep } = await openStore()
      const stop = new AbortController()
      const made = upkeep.backUp({ ...toTheEnd, signal: stop.signal })
      expect((await upkeep.backupProgress()).expected).toBeGreaterThan(0)
      stop.abort()
      await expect(made).rejects.toBeInstanceOf(BackupError)
      expect(await upkeep.backupProgress()).toMatchObject({ written: 0 })
    })
  })
}
