import { existsSync, rmSync, statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError, NotFoundError, StorageFaultError } from '../../shared/errors.ts'
import type { StorageFault } from '../../store/ports.ts'
import { backUp, removeUnfinishedBackup, unfinishedBackup } from '../../store/sqlite/copies/backup.ts'
import type { EventStream } from '../events.ts'

/** For so long a backup can be downloaded. */
const keptMs = 3_600_000

/** Faults that leave the file itself as it should be. */
const copiedNonetheless = ['full', 'read-only', 'disk-error', 'incomplete', 'damaged']

/** The backup that is being made, or was made last. Times are milliseconds since 1970. */
export type BackupState =
  | { status: 'none' }
  /** `written`: bytes so far, of `expected` at most. */
  | { status: 'running'; startedAt: number; isChecking: boolean; written: number; expected: number }
  | { status: 'ready'; startedAt: number; endedAt: number; bytes: number; name: string; path: string; goesAt: number }
  | { status: 'failed'; startedAt: number; endedAt: number; reason: string }

/**
 * Makes backups of the database to download, one at a time. The file stands beside the database, where there is likely
 * to be as much room again, until the next one is made, for an hour, or until the program ends.
 */
export function createBackups(deps: {
  database: string
  clock: Clock
  fault: () => StorageFault | undefined
  events: EventStream
}) {
  const { database, clock, fault, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'backup' })
  const path = `${database}-backup`
  let made: Exclude<BackupState, { status: 'running' }> = { status: 'none' }
  let running: { startedAt: number; isChecking: boolean; end: Promise<void>; stop: AbortController } | undefined
  let cancelRemoval = () => {}
  // What a program left behind that was killed.
  remove()

  function remove(): void {
    try {
      removeUnfinishedBackup(path)
      rmSync(path, { force: true })
    } catch (error) {
      // Where a file that somebody reads cannot be removed; the next one will.
      onError(error)
    }
  }

  async function make(startedAt: number, signal: AbortSignal): Promise<void> {
    try {
      const onCheck = () => {
        if (running) running.isChecking = true
      }
      const bytes = await backUp(database, path, { signal, onCheck })
      const endedAt = clock.now()
      made = { status: 'ready', startedAt, endedAt, bytes, name: nameOf(startedAt), path, goesAt: endedAt + keptMs }
      cancelRemoval = clock.after(keptMs, forget)
    } catch (error) {
      const reason = error instanceof AppError ? error.message : 'The backup failed; the log says more.'
      if (!(error instanceof AppError)) onError(error)
      made = { status: 'failed', startedAt, endedAt: clock.now(), reason }
    }
    running = undefined
  }

  function forget(): void {
    cancelRemoval()
    made = { status: 'none' }
    remove()
  }

  /** The database's own name with the time in it, in UTC: `workflows-2026-11-22T2131.db`. */
  function nameOf(at: number): string {
    const ending = extname(database)
    const time = new Date(at).toISOString().slice(0, 16).replace(':', '')
    return `${basename(database, ending)}-${time}${ending || '.db'}`
  }

  return {
    state(): BackupState {
      if (!running) return made
      const { startedAt, isChecking } = running
      const sizes = { written: sizeOf(unfinishedBackup(path)), expected: sizeOf(database) }
      return { status: 'running', startedAt, isChecking, ...sizes }
    },

    /** Begins a backup, unless one is being made. Throws StorageFaultError where there is another file by now. */
    begin(by: Actor): void {
      if (running) return
      const found = fault()
      if (found && !copiedNonetheless.includes(found.kind)) throw new StorageFaultError(found, 'read')
      forget()
      events.emit('backup-begun', { by })
      const startedAt = clock.now()
      const stop = new AbortController()
      running = { startedAt, isChecking: false, stop, end: make(startedAt, stop.signal) }
    },

    /** Resolves when the backup has ended, well or not, or when that took longer than `withinMs`. */
    async ended(withinMs: number): Promise<void> {
      let cancelWait = () => {}
      await Promise.race([
        running?.end,
        new Promise<void>((resolve) => {
          cancelWait = clock.after(withinMs, resolve)
        }),
      ])
      cancelWait()
    },

    /** Where the backup of that name is. Throws NotFoundError when it is there no more. */
    file(name: string): { path: string; bytes: number; name: string } {
      if (made.status === 'ready' && made.name === name && existsSync(path)) return made
      throw new NotFoundError('page', `/system/backup/${name}`)
    },

    async close(): Promise<void> {
      running?.stop.abort()
      await running?.end
      forget()
    },
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
