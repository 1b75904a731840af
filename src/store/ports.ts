import type { AccessStore } from './ports/access.ts'
import type { AgentStore } from './ports/agents.ts'
import type { AuditStore } from './ports/audit.ts'
import type { BulkStore } from './ports/bulk.ts'
import type { ClusterStore } from './ports/cluster.ts'
import type { StorageFault } from './ports/fault.ts'
import type { HealthStore } from './ports/health.ts'
import type { HistoryStore } from './ports/history.ts'
import type { RunStore } from './ports/runs.ts'
import type { SavedViewStore } from './ports/saved-views.ts'
import type { UpkeepStore } from './ports/upkeep.ts'

/** All that the orchestrator knows of storage: named operations, each of them atomic, all of them promises. A promise
 * of a change resolves when the change is durable, and rejects with StoreBusyError or StorageFaultError; then nothing
 * has changed. Times are milliseconds since 1970. Texts come back as they were given, JSON to the digit; only lone
 * surrogates become U+FFFD, and NUL may. */
export type Store = {
  access: AccessStore
  agents: AgentStore
  audit: AuditStore
  health: HealthStore
  runs: RunStore
  history: HistoryStore
  bulk: BulkStore
  views: SavedViewStore
  upkeep: UpkeepStore
  /** Undefined where no other dashboard can use the database. */
  cluster?: ClusterStore

  path: string

  /** Differs from every earlier value once anything has changed that is not recorded silently: by us before the promise
   * of the change resolves, by another program a second after its commit at the latest. Costs no query. */
  revision(): string

  /** Moves the revision: what was recorded silently is to be seen. */
  announce(): Promise<void>

  /** To be called as a request arrives: what other programs have done is then looked at once in this turn of the event
   * loop. Undefined where that costs nothing. */
  beginTurn?(): void

  /** Why nothing can be written now, though what was written may be read; undefined while all is well. */
  fault(): StorageFault | undefined

  /** Whether a newer version has changed it meanwhile. Undefined where no other dashboard can use the database. */
  isOutdated?(): boolean

  /** Resolves when nothing is known to keep the store from being written, or when it is closed. On a full disk also
   * each time that a little is found to fit. */
  writable(): Promise<void>

  /** The AppError to show for an error that an operation met where the store is at fault, else the error itself. */
  explain(error: unknown): unknown

  /** Resolves when the store has caught up with what was written. Whoever writes much waits for that between steps. */
  checkpointed(): Promise<void>

  close(): Promise<void>

  /** For a process that ends without `close`. */
  abandon(): void
}
