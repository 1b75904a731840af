import type { Caller } from '../shared/actor.ts'
import type { Zone } from '../shared/time/zone.ts'
import type { ClusterStore } from '../store/ports/cluster.ts'
import type { StorageFault } from '../store/ports/fault.ts'
import type { Store } from '../store/ports.ts'
import type { Access } from './access/access.ts'
import type { AgentList, AgentService } from './agents/service.ts'
import type { Audit } from './audit/audit.ts'
import type { BulkActions } from './bulk/actions.ts'
import type { RunComparison } from './compare/runs.ts'
import type { Doctor } from './doctor/doctor.ts'
import type { Execute } from './forms/execute.ts'
import type { ExecuteForms } from './forms/forms.ts'
import type { HistoryIndex } from './history/indexing.ts'
import type { HistoryService } from './history/service.ts'
import type { TakeReports } from './ingest/ingest.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { RunNodeReader } from './nodes/nodes.ts'
import type { Overview } from './overview/overview.ts'
import type { Palette } from './palette/palette.ts'
import type { RunCommands } from './runs/commands.ts'
import type { UnsentInputs } from './runs/unsent-inputs.ts'
import type { UsualRuns } from './runs/usual.ts'
import type { Readiness } from './system/readiness.ts'
import type { System } from './system/system.ts'

/** What requests may call, as far as they may: see needs.ts. */
export type Service = AgentService &
  RunCommands &
  HistoryService & {
    execute: Execute
    forms: ExecuteForms
    diagnose: Doctor['diagnose']
    nodes: RunNodeReader
    comparison: RunComparison
    unsentInputs: UnsentInputs
    usual: UsualRuns
    audit: Omit<Audit, 'start' | 'close'>
    bulk: BulkActions
    takeReports: TakeReports
    /** What a few typed letters may mean. */
    palette: Palette
    system: Pick<System, 'facts'> & { backups: Omit<System['backups'], 'close'> }
    readiness(): Promise<Readiness>
    metrics: Metrics
    historyState: HistoryIndex['state']
    overview(zone: Zone): Promise<Overview<AgentList>>
    /** Moves whenever the runs of the overview may look different; no two processes give the same. */
    overviewRevision(zone: Zone): string
    revision(): string
    /** A token under which a form is carried out once. */
    newToken(): string
    now(): number
  }

export type Orchestrator = Service &
  Lifecycle & {
    access: Access
    audit: Audit
    /** As much of it as somebody may call, and knows of. */
    for(caller: Caller): Service
    databasePath: string
    /** Undefined where no other dashboard can use the database. */
    others: Pick<ClusterStore, 'told' | 'heard' | 'compareKey'> | undefined
    requestArrives(): void
    storageFault(): StorageFault | undefined
    /** Whether a newer version has changed the database meanwhile. */
    isOutdated(): boolean
    explain: Store['explain']
    /** The agents of the runs in flight, which `close` waits for; one for each run. */
    agentsAtWork(): string[]
  }
