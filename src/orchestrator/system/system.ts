import type { Config } from '../../config.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { KnownDashboard } from '../../store/ports/cluster.ts'
import type { StoreFacts } from '../../store/ports/upkeep.ts'
import type { Store } from '../../store/ports.ts'
import { version } from '../../version.ts'
import type { EventStream } from '../events.ts'
import type { HistoryIndex, HistoryState } from '../history/indexing.ts'
import { type BackupState, type Backups, createBackups } from './backups.ts'
import { createHousekeeping, type RetentionState } from './retention.ts'

/** Clocks that are set by the network differ by less. */
const maxApartMs = 2000

export type SystemFacts = Pick<StoreFacts, 'sizes' | 'tables' | 'runs'> & {
  path: string
  index: HistoryState & Pick<StoreFacts, 'states'>
  retention: RetentionState
  backup: BackupState
  /** All that share the database; undefined where there can be only one. */
  dashboards: (KnownDashboard & { isThis: boolean })[] | undefined
  /** Of this dashboard's clock before the database's, where somebody has to set one of them. */
  clockAheadMs: number | undefined
  leaseSeconds: number
  versions: { program: string; node: string; engine: StoreFacts['engine']; database: string }
}

export type System = {
  start(): void
  close(): Promise<void>
  facts(): Promise<SystemFacts>
  backups: Backups
}

export function createSystem(deps: {
  store: Store
  clock: Clock
  config: Config
  history: HistoryIndex
  owner: () => string | undefined
  events: EventStream
}): System {
  const { store, clock, history, owner, events } = deps
  const { keepDays, keepRuns, keepFailedDays } = deps.config
  const backups = createBackups({
    store: store.upkeep,
    database: store.path,
    clock,
    events,
  })
  const housekeeping = createHousekeeping({
    store,
    clock,
    rule: { keepDays, keepRuns, keepFailedDays },
    isHistoryRead: async () => (await history.state()).reading === undefined,
    onError: (error) => events.emit('failure', { error, task: 'housekeeping' }),
  })

  async function dashboards() {
    const own = owner()
    return (await store.cluster?.dashboards())?.map((one) => ({ ...one, isThis: one.id === own }))
  }

  /** As exactly as the time to ask the database lets us know. */
  async function clockAhead(): Promise<number | undefined> {
    const asked = clock.now()
    const there = await store.cluster?.now()
    const half = (clock.now() - asked) / 2
    const aheadMs = there === undefined ? 0 : asked + half - there
    return Math.abs(aheadMs) - half > maxApartMs ? aheadMs : undefined
  }

  return {
    start: housekeeping.start,

    async close() {
      await Promise.all([housekeeping.stop(), backups.close()])
    },

    async facts() {
      const { states, engine, version: database, ...known } = await store.upkeep.facts()
      const shared = await dashboards()
      return {
        ...known,
        path: store.path,
        index: { ...(await history.state()), states },
        retention: await housekeeping.retention(),
        backup: await backups.state(),
        dashboards: shared,
        clockAheadMs: await clockAhead(),
        leaseSeconds: deps.config.leaseSeconds,
        versions: { program: version, node: process.versions.node, engine, database },
      }
    },

    backups,
  }
}
