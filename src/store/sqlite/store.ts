import type { Clock } from '../../shared/time/clock.ts'
import type { FaultListener } from '../faults/reports.ts'
import type { Store } from '../ports.ts'
import { createAccessStore } from './access/store.ts'
import { createAgentStore } from './agents/agents.ts'
import { createAuditStore } from './audit/store.ts'
import { createBulkStore } from './bulk/store.ts'
import { type Store as File, openStore } from './file/open.ts'
import { createHealthStore } from './health/store.ts'
import { createHistoryStore } from './history/store.ts'
import { createRunDeletion } from './runs/deletion.ts'
import { createRunStore } from './runs/store.ts'
import { createRunTable } from './runs/table.ts'
import { createUpkeepStore } from './upkeep/store.ts'
import { createSavedViewStore } from './views/saved-views.ts'

/** The file behind the ports is there for tests, which do to it what no port can. */
export type SqliteStore = Store & Pick<File, 'db' | 'write' | 'othersVersion' | 'beginTurn' | 'changedRuns'>

/** Throws StoreOpenError. */
export function openSqliteStore(path: string, clock: Clock, onFault?: FaultListener): SqliteStore {
  const file = openStore(path, clock, onFault)
  const runTable = createRunTable(file)
  return {
    ...file,
    access: createAccessStore(file),
    agents: createAgentStore(file),
    audit: createAuditStore(file),
    health: createHealthStore(file),
    runs: createRunStore(file, runTable),
    history: createHistoryStore(file, clock),
    bulk: createBulkStore(file, runTable, createRunDeletion(file, clock.elapsed)),
    views: createSavedViewStore(file),
    upkeep: createUpkeepStore(file, clock),
    announce: () => file.write(() => undefined, { isRepeatable: true }),
  }
}
