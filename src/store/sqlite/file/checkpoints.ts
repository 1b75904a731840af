import { once } from 'node:events'
import { statSync } from 'node:fs'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const checkpointPages = 2000
/** Above this, whoever can wait does. */
const waitPages = 6000
/** Above this, SQLite does it itself, between two requests. */
const autoPages = 20_000
const maxKeptLogBytes = 64 * 1024 * 1024
const longLogBytes = 256 * 1024 * 1024
const maxRounds = 5
const commitsUntilRetry = 100

type Progress = { log: number; checkpointed: number }
type Done = { bytes: number; isComplete: boolean }

/** Checkpoints take 20 to 200 ms, so a thread (this file) does them. `onLongLog` hears when a long read keeps the log
 * from being cut. */
export function createCheckpoints(
  sqlite: Database.Database,
  onLongLog: (bytes: number) => void = () => {},
  longLog = longLogBytes,
) {
  const progress = sqlite.prepare<[], Progress>('PRAGMA wal_checkpoint(NOOP)')
  let thread: Worker | undefined
  let running = Promise.resolve()
  let isRunning = false
  let isClosed = false
  let isLong = false
  let commitsLeft = 0
  sqlite.pragma(`journal_size_limit = ${maxKeptLogBytes}`)
  sqlite.pragma(`wal_autocheckpoint = ${autoPages}`)

  function start(): Worker {
    const begun = new Worker(new URL(import.meta.url), { workerData: { checkpointsOf: sqlite.name } })
    begun.on('error', () => {
      thread = undefined
    })
    begun.unref()
    return begun
  }

  async function run(): Promise<void> {
    isRunning = true
    try {
      thread ??= start()
      thread.postMessage('checkpoint')
      const [{ bytes, isComplete }] = (await once(thread, 'message')) as [Done]
      const wasLong = isLong
      isLong = bytes >= longLog && (wasLong || !isComplete)
      if (isLong && !wasLong) onLongLog(bytes)
    } catch {
      // SQLite meets the same error here, and reports it.
      commitsLeft = commitsUntilRetry
      sqlite.pragma(`wal_autocheckpoint = ${checkpointPages}`)
    }
    isRunning = false
  }

  return {
    consider(): void {
      if (isRunning || isClosed) return
      if (commitsLeft > 0) {
        if (--commitsLeft === 0) sqlite.pragma(`wal_autocheckpoint = ${autoPages}`)
        return
      }
      const { log, checkpointed } = progress.get()!
      if (log - checkpointed < checkpointPages) return
      running = run()
    },

    caughtUp: async (): Promise<void> => {
      if (progress.get()!.log > waitPages) await running
    },

    async close(): Promise<void> {
      isClosed = true
      thread?.ref()
      await running
      thread?.postMessage('close')
      if (thread) await once(thread, 'exit')
    },
  }
}

function checkpoint(sqlite: Database.Database): boolean {
  for (let round = 0; round < maxRounds; round++) {
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
    const isComplete = checkpoint(sqlite)
    if (isComplete && sizeOf(`${path}-wal`) > maxKeptLogBytes) sqlite.pragma('wal_checkpoint(TRUNCATE)')
    parentPort!.postMessage({ bytes: sizeOf(`${path}-wal`), isComplete } satisfies Done)
  })
}

if (typeof workerData?.checkpointsOf === 'string') serve(workerData.checkpointsOf)
