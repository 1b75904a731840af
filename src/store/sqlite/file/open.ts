import { existsSync, openSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { StoreOpenError } from '../../../shared/errors.ts'
import { createRevision } from '../../../shared/revision.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { createTurn } from '../../../shared/time/turn.ts'
import type { FaultListener } from '../../faults/reports.ts'
import { createFaultState, type FaultState } from '../../faults/state.ts'
import type { ChangedRuns } from '../../history/changed-runs.ts'
import type { StorageFault } from '../../ports/fault.ts'
import { moveKey, refuseUnfinishedMove } from '../../unfinished-move.ts'
import { watchFile } from '../faults/file-watch.ts'
import { causeOf, isLasting } from '../faults/storage-fault.ts'
import { incomplete, longLog } from '../faults/words.ts'
import { createLogEnding } from '../log/ending.ts'
import { drizzle } from '../sql/drizzle.ts'
import { watchChangedRuns } from './changed-runs.ts'
import { createCheckpoints } from './checkpoints.ts'
import { missingPart } from './completeness.ts'
import { createDashboardState } from './dashboard-state.ts'
import { refuseForeignFile } from './foreign-file.ts'
import { prepareWhenUsed } from './lazy.ts'
import { lockForDashboard, lockInode } from './lock.ts'
import { migrate } from './migrate.ts'
import { openError } from './open-error.ts'
import { createPrivateFile } from './private-file.ts'
import { withReadableRows } from './readable.ts'
import { createRoom } from './room.ts'
import { realFile, refuseForeignLog } from './start-checks.ts'
import { countVolume } from './volume.ts'
import { createWriter, type Writer } from './writer.ts'

/** Freezes everything; longer waits are asynchronous (see writer.ts). */
const busyTimeoutMs = 20
const startBusyTimeoutMs = 10_000

export type Store = {
  db: BetterSQLite3Database & { $client: Database.Database }
  path: string
  write: Writer['write']
  othersVersion(): number
  beginTurn(): void
  /** Moves with every change, except our silent ones. */
  revision(): string
  changedRuns: ChangedRuns
  /** Whoever writes much waits for this, or the log outgrows the file. */
  checkpointed(): Promise<void>
  fault(): StorageFault | undefined
  writable(): Promise<void>
  /** The error to show for one that a query met: StorageFaultError where the file is at fault. */
  explain(error: unknown): unknown
  close(): Promise<void>
  abandon(): void
}

/** Opens, creates, or adopts Python's file. Throws StoreOpenError; a refused file is left as it was. */
export function openStore(path: string, clock: Clock, onFault: FaultListener = () => {}): Store {
  const file = realFile(path)
  const undo: (() => void)[] = []
  try {
    return openLocked(file, clock, onFault, undo)
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw openError(error, file)
  }
}

function openLocked(file: string, clock: Clock, onFault: FaultListener, undo: (() => void)[]): Store {
  const lock = lockForDashboard(file)
  undo.push(lock.undo)
  // Before anything is read: the file may be in use under another name.
  let unlockInode = existsSync(file) ? lockInode(file) : undefined
  undo.push(() => unlockInode?.())
  refuseForeignLog(file, lock.recalled)
  refuseForeignFile(file, startBusyTimeoutMs)
  if (createPrivateFile(file)) undo.push(() => rmSync(file, { force: true }))
  unlockInode ??= lockInode(file)
  const sqlite = withReadableRows(new Database(file, { timeout: startBusyTimeoutMs }))
  undo.push(() => sqlite.close())
  const volume = countVolume(sqlite)
  prepare(sqlite)
  const missing = missingPart(sqlite)
  if (missing !== undefined) throw new StoreOpenError(incomplete(file, missing).reasonForAdmins)
  refuseUnfinishedMove(createDashboardState({ db: drizzle(sqlite) }).get(moveKey), file)

  prepareWhenUsed(sqlite)
  const dataVersion = sqlite.prepare<[], number>('PRAGMA data_version').pluck()
  const othersVersion = () => dataVersion.get()!
  const turn = createTurn()
  const sharedVersion = turn.once(othersVersion)
  const watch = watchFile({ file, fd: openSync(file, 'r'), remember: lock.remember, othersVersion })
  const checkpoints = createCheckpoints(sqlite, (bytes) => onFault('warned', longLog(file, bytes)))
  const ending = createLogEnding({ sqlite, watch, othersVersion, sharedVersion })
  const room = createRoom(sqlite)
  const faults: FaultState = createFaultState({
    clock,
    causeOf: (error) => causeOf(error, file),
    isLasting,
    look: ending.look,
    glance: turn.once(ending.look),
    isOver: (kind) => kind !== 'incomplete' || missingPart(sqlite) === undefined,
    async tryToWrite(bytes) {
      await writer.write(() => room.take(bytes), { isSilent: true })
      await writer.write(room.giveBack, { isSilent: true })
    },
    onChange: onFault,
  })
  function onCommit(): void {
    watch.committed()
    checkpoints.consider()
  }
  const writer = createWriter({ sqlite, volume, clock, faults, onCommit })
  return {
    db: drizzle(sqlite),
    path: file,
    write: writer.write,
    beginTurn: turn.begin,
    othersVersion: sharedVersion,
    revision: createRevision(sharedVersion, writer.changes),
    changedRuns: watchChangedRuns(sqlite, othersVersion),
    checkpointed: checkpoints.caughtUp,
    fault: faults.current,
    writable: faults.over,
    explain: faults.met,
    async close() {
      await writer.idle()
      faults.close()
      await checkpoints.close()
      ending.close()
      unlockInode?.()
      lock.release()
    },
    abandon: ending.close,
  }
}

function prepare(sqlite: Database.Database): void {
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  // As in the Python program: deleting a run must not fail on its execution states.
  sqlite.pragma('foreign_keys = OFF')
  migrate(sqlite)
  sqlite.pragma(`busy_timeout = ${busyTimeoutMs}`)
}
