import type { HealthStore, RecordedCheck } from '../../../store/ports/health.ts'
import { wasNotWritten } from '../../held-changes.ts'

/** One by one, each would cost a write to disk. */
const maxBatch = 200
/** While the database cannot be written; beyond this the oldest are dropped. */
const maxWaiting = 20_000

type Change = () => Promise<unknown>

export type CheckQueue = {
  add(check: RecordedCheck): void
  drop(agentId: string): void
  addChange(change: Change): void
  /** What cannot be written now stays queued. */
  write(): Promise<void>
}

export function createCheckQueue(store: Pick<HealthStore, 'record'>, onError: (error: unknown) => void): CheckQueue {
  let checks: RecordedCheck[] = []
  let changes: Change[] = []

  async function writeChanges(): Promise<void> {
    for (let next = changes[0]; next; next = changes[0]) {
      try {
        await next()
      } catch (error) {
        if (wasNotWritten(error)) throw error
        onError(error)
      }
      changes = changes.filter((one) => one !== next)
    }
  }

  return {
    add(check) {
      checks.push(check)
    },

    drop(agentId) {
      checks = checks.filter((check) => check.agentId !== agentId)
    },

    addChange(change) {
      changes = [...changes, change].slice(-maxWaiting)
    },

    async write() {
      await writeChanges()
      while (checks.length > 0) {
        const batch = checks.splice(0, maxBatch)
        try {
          await store.record(batch)
        } catch (error) {
          checks = [...batch, ...checks].slice(-maxWaiting)
          throw error
        }
      }
    },
  }
}
