import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import type { AuditFilter, AuditStore, RecordedAuditEntry } from '../../store/ports/audit.ts'
import type { EventStream } from '../events.ts'
import { createAuditRecorder } from './recorder.ts'
import { createAuditRetention } from './retention.ts'

const maxNames = 200
const exportedAtOnce = 500

/** `older` and `newer` are the positions of the next pages; undefined where there is nothing further. */
type AuditPage = {
  entries: RecordedAuditEntry[]
  older: string | undefined
  newer: string | undefined
  /** Entries that could not be written yet, so are not among them. */
  unwritten: number
}

export type Audit = {
  start(): void
  close(): Promise<void>
  /** The newest first. Throws InvalidInputError where a position is none. */
  list(
    filter: AuditFilter,
    page: { max: number; older?: string | undefined; newer?: string | undefined },
  ): Promise<AuditPage>
  /** All that the filter selects, the newest first, some at a time. */
  export(filter: AuditFilter): AsyncIterable<RecordedAuditEntry[]>
  /** Of those who are in the trail, by name; not all where there are very many. */
  actorNames(): Promise<string[]>
  /** 0 keeps entries for ever. */
  keepDays: number
}

/** Who did what to what, and when. */
export function createAudit(deps: {
  store: AuditStore
  clock: Clock
  events: EventStream
  keepDays: number
  nameOfAgent: (id: string) => string | undefined
}): Audit {
  const { store, events, keepDays } = deps
  const recorder = createAuditRecorder(deps)
  const onError = (error: unknown) => events.emit('failure', { error, task: 'audit' })
  const retention = createAuditRetention({ ...deps, onError })
  /** Whoever reads finds what was done before, where it can be written. */
  const written = () => recorder.flush().catch(onError)

  function refuseOtherPositions(page: { older?: string | undefined; newer?: string | undefined }): void {
    for (const field of ['older', 'newer'] as const) {
      const position = page[field]
      if (position !== undefined && !store.isPosition(position))
        throw new InvalidInputError([{ field, message: `${field} must be a position that a page has given.` }])
    }
  }

  return {
    start: retention.start,
    keepDays,

    async close() {
      await retention.stop()
      await recorder.close()
    },

    async list(filter, { max, older, newer }) {
      refuseOtherPositions({ older, newer })
      await written()
      const found = await store.list(filter, { max: max + 1, older, newer })
      const isMore = found.length > max
      const isBackward = newer !== undefined
      const entries = isBackward ? found.slice(-max) : found.slice(0, max)
      const [first, last] = [entries[0]?.position, entries.at(-1)?.position]
      return {
        entries,
        older: isBackward || isMore ? last : undefined,
        newer: (isBackward ? isMore : older !== undefined) ? first : undefined,
        unwritten: recorder.waiting(),
      }
    },

    async *export(filter) {
      await written()
      for (let older: string | undefined; ; await setImmediate()) {
        const entries = await store.list(filter, { max: exportedAtOnce, older })
        yield entries
        if (entries.length < exportedAtOnce) return
        older = entries.at(-1)!.position
      }
    },

    actorNames: () => store.actorNames(maxNames),
  }
}
