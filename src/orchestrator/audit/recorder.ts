import { dashboardActor } from '../../shared/actor.ts'
import { plural } from '../../shared/plural.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry, AuditStore } from '../../store/ports/audit.ts'
import { createBackgroundLoop } from '../background.ts'
import type { DashboardEvents, EventName, EventStream } from '../events.ts'
import { entryOf, recordedEvents } from './entries.ts'

const maxAtOnce = 500
const maxWaiting = 10_000
const pace = { busyMs: 250, retryMs: 2000 }

export type AuditRecorder = {
  /** Resolves when all entries so far are written. Rejects where they cannot be; then they wait. */
  flush(): Promise<void>
  waiting(): number
  /** Writes what can be written, and reports what cannot. */
  close(): Promise<void>
}

/** Listens to all that happens, and writes down who did what. No request waits for that. */
export function createAuditRecorder(deps: {
  store: Pick<AuditStore, 'add'>
  clock: Clock
  events: EventStream
  nameOfAgent: (id: string) => string | undefined
}): AuditRecorder {
  const { store, clock, events, nameOfAgent } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'audit' })
  let waiting: AuditEntry[] = []
  let lost = 0
  let writing: Promise<void> | undefined
  const loop = createBackgroundLoop({
    clock,
    async step() {
      await flush()
      return { restMs: undefined }
    },
    onError,
    pace,
  })

  function add(entry: AuditEntry): void {
    if (waiting.length < maxWaiting) waiting.push(entry)
    else if (lost++ === 0) onError(new Error(`${maxWaiting} entries wait to be written. Later ones are lost.`))
    loop.wake()
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, maxAtOnce)
      await store.add(some)
      waiting = waiting.slice(some.length)
      if (lost === 0) continue
      const details = { entries: lost }
      lost = 0
      waiting.push(entryOf({ action: 'audit.lose', by: dashboardActor, details }, clock.now()))
    }
  }

  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined
    })
    return writing
  }

  function listen<Name extends EventName>(name: Name, recorded: ReturnType<typeof recordedEvents>[Name]): void {
    events.on(name, (event: DashboardEvents[Name]) => {
      const what = recorded?.(event)
      if (what) add(entryOf(what, clock.now()))
    })
  }
  const recorded = recordedEvents(nameOfAgent)
  for (const name of Object.keys(recorded) as EventName[]) listen(name, recorded[name])

  return {
    flush,
    waiting: () => waiting.length,

    async close() {
      await loop.stop()
      await flush().catch(onError)
      const unwritten = waiting.length + lost
      if (unwritten > 0)
        onError(
          new Error(
            `${plural(unwritten, 'entry of the audit trail was', 'entries of the audit trail were')} not written.`,
          ),
        )
    },
  }
}
