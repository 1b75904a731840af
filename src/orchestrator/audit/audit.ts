import { setImmediate } from 'node:timers/promises'
import type { Actor } from '../../shared/actor.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { UserStore } from '../../store/ports/access.ts'
import type { AuditFilter, AuditStore, RecordedAuditEntry } from '../../store/ports/audit.ts'
import type { EventStream } from '../events.ts'
import { createAuditFilters, type ReadAuditFilter } from './filter.ts'
import { createAuditRecorder } from './recorder.ts'
import { createAuditRetention } from './retention.ts'

export type { RecordedAuditEntry }

const maxNames = 200
const exportedAtOnce = 500

/** `older` and `newer` are the positions of the next pages; undefined where there is nothing further. */
export type AuditPage = {
  entries: RecordedAuditEntry[]
  older: string | undefined
  newer: string | undefined
  /** Entries that could not be written yet, so are not among them. */
  unwritten: number
}

/** `fields` are what the filter was read from. */
type AskedExport = { format: string; fields: Record<string, string>; by: Actor }

export type Audit = {
  start(): void
  close(): Promise<void>
  /** Of the fields of an address; `more` are known besides its own. Throws InvalidInputError. */
  readFilter: ReadAuditFilter
  /** The newest first. Throws InvalidInputError where a position is none. */
  list(
    filter: AuditFilter,
    page: { max: number; older?: string | undefined; newer?: string | undefined },
  ): Promise<AuditPage>
  /** All that the filter selects, the newest first, some at a time. That it was asked for is recorded. */
  export(filter: AuditFilter, asked: AskedExport): AsyncIterable<RecordedAuditEntry[]>
  /** Of those who are in the trail, by name; not all where there are very many. */
  actorNames(): Promise<string[]>
}

export function createAudit(deps: {
  store: AuditStore
  users: Pick<UserStore, 'all'>
  clock: Clock
  events: EventStream
  keepDays: number
  nameOfAgent: (id: string) => string | undefined
}): Audit {
  const { store, events } = deps
  const recorder = createAuditRecorder(deps)
  const onError = (error: unknown) => events.emit('failure', { error, task: 'audit' })
  const readFilter = createAuditFilters({ store, users: deps.users.all })
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

    async close() {
      await retention.stop()
      await recorder.close()
    },

    async readFilter(fields, more) {
      await written()
      return readFilter(fields, more)
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

    async *export(filter, { format, fields, by }) {
      await written()
      for (let older: string | undefined; ; await setImmediate()) {
        const entries = await store.list(filter, { max: exportedAtOnce, older })
        // So it is not in the export itself.
        if (older === undefined) events.emit('audit-exported', { format, filter: fields, by })
        yield entries
        if (entries.length < exportedAtOnce) return
        older = entries.at(-1)!.position
      }
    },

    actorNames: () => store.actorNames(maxNames),
  }
}
