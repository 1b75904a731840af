import type { Clock } from '../../shared/time/clock.ts'
import type { FaultListener } from '../faults/reports.ts'
import type { Store } from '../ports.ts'
import { createAccessStore } from './access/store.ts'
import { createAgentStore } from './agents/agents.ts'
import { createAuditStore } from './audit/store.ts'
import { createBulkStore } from './bulk/store.ts'
import { createClusterStore } from './cluster/store.ts'
import { type Database, openDatabase } from './database/open.ts'
import { createHealthStore } from './health/store.ts'
import { createHistoryStore } from './history/store.ts'
import { createFolding } from './runs/folding.ts'
import { createRunStore } from './runs/store.ts'
import { createRunTable } from './runs/table.ts'
import { createUpkeepStore } from './upkeep/store.ts'
import { createSavedViewStore } from './views/saved-views.ts'

/** The database behind the ports is there for tests, which do to it what no port can. */
export type PostgresStore = Store & Database

/** Throws StoreOpenError. */
export async function openPostgresStore(url: string, clock: Clock, onFault?: FaultListener): Promise<PostgresStore> {
  const database = await openDatabase(url, clock, onFault)
  const folding = createFolding(database)
  const runTable = createRunTable(folding.changed)
  return {
    ...database,
    access: createAccessStore(database),
    agents: createAgentStore(database),
    audit: createAuditStore(database),
    health: createHealthStore(database),
    runs: createRunStore(database, runTable),
    history: createHistoryStore(database),
    bulk: createBulkStore(database, runTable),
    views: createSavedViewStore(database),
    cluster: createClusterStore(database),
    upkeep: createUpkeepStore(database, folding, clock),
    async close() {
      await folding.idle()
      await database.close()
    },
  }
}
