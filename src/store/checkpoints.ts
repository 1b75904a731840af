import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** So many pages of the log are worth a checkpoint: one that is written again and again goes into the file once. */
const enoughPages = 2000
/** From here on whoever can wait does, until the thread has caught up. */
const manyPages = 6000
/** Here SQLite itself does it, between two requests. */
const tooManyPages = 20_000
/** While a checkpoint goes on more may be written; the log begins anew only when nothing is left of it. */
const mostRounds = 5

type Progress = { log: number; checkpointed: number }

/**
 * Takes what was committed from the log into the file. That writes thousands of pages and waits for the disk, for
 * 20 to 200 ms at a time, so a thread does it: this same file, begun as one when there is something to do.
 */
export function createCheckpoints(sqlite: Database.Database) {
  const progress = sqlite.prepare<[], Progress>('PRAGMA wal_checkpoint(NOOP)')
  let thread: Worker | undefined
  let underWay = Promise.resolve()
  let isUnderWay = false
  let isClosed = false
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
      await once(thread, 'message')
    } catch {
      // The thread has ended. Whatever was wrong with the file, SQLite meets it here too, and says so.
      isClosed = true
      sqlite.pragma(`wal_autocheckpoint = ${enoughPages}`)
    }
    isUnderWay = false
  }

  return {
    /** To be called after each commit. */
    consider(): void {
      if (isUnderWay || isClosed) return
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

function serve(path: string): void {
  const sqlite = new Database(path, { fileMustExist: true })
  parentPort!.on('message', (word) => {
    if (word === 'close') {
      sqlite.close()
      parentPort!.close()
      return
    }
    for (let round = 0; round < mostRounds; round++) {
      const [{ log, checkpointed }] = sqlite.pragma('wal_checkpoint(PASSIVE)') as [Progress]
      if (log === checkpointed) break
    }
    parentPort!.postMessage('done')
  })
}

if (typeof workerData?.checkpointsOf === 'string') serve(workerData.checkpointsOf)
