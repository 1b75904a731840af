import { once } from 'node:events'
import { statSync } from 'node:fs'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** So many pages of the log are worth a checkpoint: one that is written again and again goes into the file once. */
const enoughPages = 2000
/** From here on whoever can wait does, until the thread has caught up. */
const manyPages = 6000
/** Here SQLite itself does it, between two requests. */
const tooManyPages = 20_000
/** A log that once had to grow is cut down to this when it begins anew, or when all of it is in the file. */
const keptLogBytes = 64 * 1024 * 1024
/** A log of so many bytes is worth a warning, where it cannot be cut down. */
const longLogBytes = 256 * 1024 * 1024
/** While a checkpoint goes on more may be written; the log begins anew only when nothing is left of it. */
const mostRounds = 5
/** Where the thread failed, as on a full disk, it is tried again after so many commits. */
const commitsUntilRetry = 100

type Progress = { log: number; checkpointed: number }
/** How large the log is after a checkpoint, and whether all of it is in the file. */
type Done = { bytes: number; isTakenIn: boolean }

/**
 * Takes what was committed from the log into the file. That writes thousands of pages and waits for the disk, for
 * 20 to 200 ms at a time, so a thread does it: this same file, begun as one when there is something to do. `onLongLog` is
 * told, once each time, of a log that has grown long because somebody reads on and on: until he ends it cannot be cut.
 */
export function createCheckpoints(
  sqlite: Database.Database,
  onLongLog: (bytes: number) => void = () => {},
  longLog = longLogBytes,
) {
  const progress = sqlite.prepare<[], Progress>('PRAGMA wal_checkpoint(NOOP)')
  let thread: Worker | undefined
  let underWay = Promise.resolve()
  let isUnderWay = false
  let isClosed = false
  let isLong = false
  let commitsLeft = 0
  sqlite.pragma(`journal_size_limit = ${keptLogBytes}`)
  sqlite.pragma(`wal_autocheckpoint = ${tooManyPages}`)

  function start(): Worker {
    const begun = new Worker(new URL(import.meta.url), { workerData: { checkpointsOf: sqlite.name } })
    begun.on('error', () => {
      thread = undefined
    })
    begun.unref()
    return begun
  }

  async function run(): Promise<void> {
    isUnderWay = true
    try {
      thread ??= start()
      thread.postMessage('checkpoint')
      const [{ bytes, isTakenIn }] = (await once(thread, 'message')) as [Done]
      const wasLong = isLong
      isLong = bytes >= longLog && (wasLong || !isTakenIn)
      if (isLong && !wasLong) onLongLog(bytes)
    } catch {
      // The thread has ended. Whatever was wrong with the file, SQLite meets it here too, and says so.
      commitsLeft = commitsUntilRetry
      sqlite.pragma(`wal_autocheckpoint = ${enoughPages}`)
    }
    isUnderWay = false
  }

  return {
    /** To be called after each commit. */
    consider(): void {
      if (isUnderWay || isClosed) return
      if (commitsLeft > 0) {
        if (--commitsLeft === 0) sqlite.pragma(`wal_autocheckpoint = ${tooManyPages}`)
        return
      }
      const { log, checkpointed } = progress.get()!
      if (log - checkpointed < enoughPages) return
      underWay = run()
    },

    /** Resolves at once while the log is small, else when the checkpoint has ended that is under way. */
    caughtUp: async (): Promise<void> => {
      if (progress.get()!.log > manyPages) await underWay
    },

    async close(): Promise<void> {
      isClosed = true
      thread?.ref()
      await underWay
      thread?.postMessage('close')
      if (thread) await once(thread, 'exit')
    },
  }
}

/** Whether the whole log is in the file by now. */
function takeIn(sqlite: Database.Database): boolean {
  for (let round = 0; round < mostRounds; round++) {
    const [{ log, checkpointed }] = sqlite.pragma('wal_checkpoint(PASSIVE)') as [Progress]
    if (log === checkpointed) return true
  }
  return false
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function serve(path: string): void {
  const sqlite = new Database(path, { fileMustExist: true, timeout: 0 })
  parentPort!.on('message', (word) => {
    if (word === 'close') {
      sqlite.close()
      parentPort!.close()
      return
    }
    const isTakenIn = takeIn(sqlite)
    // Only who finds nobody reading can do that; SQLite waits for nobody here.
    if (isTakenIn && sizeOf(`${path}-wal`) > keptLogBytes) sqlite.pragma('wal_checkpoint(TRUNCATE)')
    parentPort!.postMessage({ bytes: sizeOf(`${path}-wal`), isTakenIn } satisfies Done)
  })
}

if (typeof workerData?.checkpointsOf === 'string') serve(workerData.checkpointsOf)
