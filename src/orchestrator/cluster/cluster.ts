import type { Slots } from '../../shared/slots/slots.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SharedHealthStore, SlotLimits, ToldBelief } from '../../store/ports/cluster.ts'
import type { HealthStore } from '../../store/ports/health.ts'
import type { Store } from '../../store/ports.ts'
import { createBackgroundLoop } from '../background.ts'
import type { EventStream } from '../events.ts'
import { createLeadership, type Leadership } from './leadership.ts'
import { createMembership, type OwnedRuns } from './membership.ts'
import { createSharedSlots } from './shared-slots.ts'

/** What others do within this time is looked at together. */
const noticeMs = 250

/** Health is checked by the dashboard that leads; it tells the others. */
export type SharedHealth = {
  leads(): boolean
  /** Whose changes happen only while this dashboard leads. */
  record: HealthStore
  tell(beliefs: ToldBelief[]): Promise<void>
  /** How an agent answers others about their runs is not known here: they give up the slots of those that it is silent about. */
  worksElsewhere(agentId: string): boolean
} & Omit<SharedHealthStore, 'record' | 'tell'>

export type Cluster = Leadership & {
  owner(): string
  slots: Slots
  health: SharedHealth
  start(runs: OwnedRuns): Promise<void>
  resign(): void
  close(): Promise<void>
}

/** This dashboard among those on its database; undefined where there can be no other. */
export function createCluster(deps: {
  store: Pick<Store, 'cluster' | 'writable' | 'agents'>
  dashboard: { name: string; version: string }
  ttlMs: number
  limits: SlotLimits
  processId: string
  clock: Clock
  events: EventStream
}): Cluster | undefined {
  const { cluster, writable } = deps.store
  if (!cluster) return undefined
  const leadership = createLeadership(deps.clock.elapsed)
  const membership = createMembership({ ...deps, cluster, leadership, provisionalOwner: deps.processId })
  const onError = (error: unknown) => deps.events.emit('failure', { error, task: 'slots of runs' })
  const slots = createSharedSlots({ ...deps, cluster, owner: membership.owner, writable, onError })
  let runs: OwnedRuns | undefined
  let revision = deps.store.agents.revision()
  /** How often others may have changed runs of this dashboard, and how many of these changes it knows. */
  let [changes, known] = [0, 0]
  const notices = createBackgroundLoop({
    clock: deps.clock,
    async step() {
      const [now, heard] = [deps.store.agents.revision(), changes]
      if (now !== revision) await slots.look()
      revision = now
      if (heard !== known) await runs?.heed()
      known = heard
      return { restMs: noticeMs }
    },
    onError,
    pace: { busyMs: noticeMs, retryMs: noticeMs },
  })

  cluster.onNotice((notice) => {
    if (notice && notice.owner !== membership.owner()) return
    slots.heed(notice)
    if (!notice || notice.granted.length === 0) changes++
  })

  return {
    ...leadership,
    owner: membership.owner,
    slots,

    health: {
      ...cluster.health,
      leads: leadership.leads,
      worksElsewhere: slots.isTakenElsewhere,
      record: cluster.health.record(leadership.lease),
      async tell(beliefs) {
        const lease = leadership.lease()
        if (lease) await cluster.health.tell(lease, beliefs)
      },
    },

    async start(owned) {
      runs = owned
      await membership.start(owned)
      notices.start()
    },

    async close() {
      await Promise.all([notices.stop(), slots.close()])
      await membership.close()
    },
  }
}
