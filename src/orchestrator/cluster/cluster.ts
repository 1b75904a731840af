import type { Clock } from '../../shared/clock.ts'
import type { Slots } from '../../shared/slots/slots.ts'
import type { SlotLimits } from '../../store/ports/cluster.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import { createLeadership, type Leadership } from './leadership.ts'
import { createMembership, type OwnedRuns } from './membership.ts'
import { createSharedSlots } from './shared-slots.ts'

export const usualLeaseMs = 15_000

export type Cluster = Leadership & {
  owner(): string
  slots: Slots
  start(runs: OwnedRuns): Promise<void>
  /** Leaves the work for all to the others. */
  resign(): void
  close(): Promise<void>
}

/** This dashboard among those on its database; undefined where there can be no other. */
export function createCluster(deps: {
  store: Pick<Store, 'cluster' | 'writable'>
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
  return {
    ...leadership,
    owner: membership.owner,
    slots,

    start: (runs) =>
      membership.start({
        ...runs,
        async heed() {
          slots.look()
          await runs.heed()
        },
      }),

    async close() {
      await slots.close()
      await membership.close()
    },
  }
}
