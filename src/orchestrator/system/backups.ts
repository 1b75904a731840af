import { existsSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Actor } from '../../shared/actor.ts'
import { AppError, NotFoundError, StorageFaultError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { endsWithin } from '../../shared/time/deadline.ts'
import { hourMs } from '../../shared/time/durations.ts'
import type { UpkeepStore } from '../../store/ports/upkeep.ts'
import type { EventStream } from '../events.ts'

const keptMs = hourMs

export type BackupState =
  | { status: 'none' }
  /** Only other programs make one. */
  | { status: 'elsewhere'; reason: string }
  /** `written` bytes, of `expected` at most. */
  | { status: 'running'; startedAt: number; isChecking: boolean; written: number; expected: number }
  | { status: 'ready'; startedAt: number; endedAt: number; bytes: number; name: string; path: string; goesAt: number }
  | { status: 'failed'; startedAt: number; endedAt: number; reason: string }

export type Backups = {
  state(): Promise<BackupState>
  /** Throws StorageFaultError where it would be one of another file. */
  begin(by: Actor): void
  ended(withinMs: number): Promise<void>
  /** Throws NotFoundError when the backup is gone. */
  file(name: string, by: Actor): { path: string; bytes: number; name: string }
  close(): Promise<void>
}

/** One at a time; kept for an hour, until the next one, or until the program ends. */
export function createBackups(deps: {
  store: Pick<UpkeepStore, 'backupFault' | 'backUp' | 'backupProgress' | 'discardBackup'>
  database: string
  clock: Clock
  events: EventStream
}): Backups {
  const { store, database, clock, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'backup' })
  let made: Exclude<BackupState, { status: 'running' | 'elsewhere' }> = { status: 'none' }
  let running: { startedAt: number; isChecking: boolean; end: Promise<void>; stop: AbortController } | undefined
  let cancelRemoval = () => {}
  // A killed program may have left one. If somebody still reads it, the next try removes it.
  void store.discardBackup().catch(onError)

  async function make(startedAt: number, signal: AbortSignal): Promise<void> {
    try {
      const onCheck = () => {
        if (running) running.isChecking = true
      }
      const backup = await store.backUp({ signal, onCheck })
      const endedAt = clock.now()
      const name = nameOf(database, startedAt)
      made = { status: 'ready', startedAt, endedAt, ...backup, name, goesAt: endedAt + keptMs }
      cancelRemoval = clock.after(keptMs, discard)
    } catch (error) {
      const reason = error instanceof AppError ? error.message : 'The backup failed; the log says more.'
      if (!(error instanceof AppError)) onError(error)
      made = { status: 'failed', startedAt, endedAt: clock.now(), reason }
    }
    running = undefined
  }

  function elsewhere(): BackupState | undefined {
    const fault = store.backupFault()
    return fault?.kind === 'elsewhere' ? { status: 'elsewhere', reason: fault.reason } : undefined
  }

  function discard(): Promise<void> {
    cancelRemoval()
    made = { status: 'none' }
    return store.discardBackup().catch(onError)
  }

  return {
    async state() {
      if (!running) return elsewhere() ?? made
      const { startedAt, isChecking } = running
      return { status: 'running', startedAt, isChecking, ...(await store.backupProgress()) }
    },

    begin(by) {
      if (running) return
      const fault = store.backupFault()
      if (fault) throw new StorageFaultError(fault, 'read')
      cancelRemoval()
      made = { status: 'none' }
      events.emit('backup-begun', { by })
      const startedAt = clock.now()
      const stop = new AbortController()
      running = { startedAt, isChecking: false, stop, end: make(startedAt, stop.signal) }
    },

    async ended(withinMs) {
      if (running) await endsWithin(clock, withinMs, running.end)
    },

    file(name, by) {
      const isThere = made.status === 'ready' && made.name === name && existsSync(made.path)
      if (made.status !== 'ready' || !isThere) throw new NotFoundError('page', `/system/backup/${name}`)
      events.emit('backup-downloaded', { name, by })
      return made
    },

    async close() {
      running?.stop.abort()
      await running?.end
      await discard()
    },
  }
}

/** In UTC: `workflows-2026-11-22T2131.db`. */
function nameOf(database: string, at: number): string {
  const extension = extname(database)
  const time = new Date(at).toISOString().slice(0, 16).replace(':', '')
  return `${basename(database, extension)}-${time}${extension || '.db'}`
}
