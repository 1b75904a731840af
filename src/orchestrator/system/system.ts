import type { Config } from '../../config.ts'
import type { Clock } from '../../shared/clock.ts'
import type { HistoryProgress } from '../../store/ports/history.ts'
import { createFileFacts, type FileSizes, type RunSpan, type TableRows } from '../../store/sqlite/file/facts.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { version } from '../../version.ts'
import type { EventStream } from '../events.ts'
import type { HistoryIndex, HistoryState } from '../history/indexing.ts'
import { type BackupState, createBackups } from './backups.ts'
import { createHousekeeping, type RetentionState } from './retention.ts'

/** What there is to know of the file, and of what the program does with it by itself. */
export type SystemFacts = {
  path: string
  sizes: FileSizes
  tables: TableRows[]
  runs: RunSpan
  index: HistoryState & { states: HistoryProgress | undefined }
  retention: RetentionState
  backup: BackupState
  versions: { program: string; node: string; sqlite: string }
}

export type System = ReturnType<typeof createSystem>

/** The database file as such: its facts, its backups, and what keeps it in order. */
export function createSystem(deps: {
  store: Store
  clock: Clock
  config: Config
  history: HistoryIndex
  events: EventStream
}) {
  const { store, clock, history, events } = deps
  const { keepDays, keepRuns, keepFailedDays } = deps.config
  const file = createFileFacts(store)
  const backups = createBackups({
    database: store.path,
    clock,
    fault: store.fault,
    events,
  })
  const housekeeping = createHousekeeping({
    store,
    clock,
    rule: { keepDays, keepRuns, keepFailedDays },
    isHistoryRead: async () => (await history.state()).reading === undefined,
    onError: (error) => events.emit('failure', { error, task: 'housekeeping' }),
  })

  return {
    start: housekeeping.start,

    async close(): Promise<void> {
      await Promise.all([housekeeping.stop(), backups.close()])
    },

    facts: async (): Promise<SystemFacts> => ({
      path: store.path,
      sizes: file.sizes(),
      tables: file.tables(),
      runs: file.runs(),
      index: { ...(await history.state()), states: housekeeping.statesProgress() },
      retention: housekeeping.retention(),
      backup: backups.state(),
      versions: { program: version, node: process.versions.node, sqlite: file.sqliteVersion() },
    }),

    backups,
  }
}
