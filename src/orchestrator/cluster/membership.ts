import type { Clock } from '../../shared/time/clock.ts'
import type { ClusterStore } from '../../store/ports/cluster.ts'
import { createBackgroundLoop } from '../background.ts'
import type { EventStream } from '../events.ts'
import type { OwnLeadership } from './leadership.ts'

const maxTakenAtOnce = 200
const retryMs = 1000
const leaseName = 'background'

/** What is done with runs when leases move. */
export type OwnedRuns = {
  takeUp(runIds: string[]): void
  /** Leaves alone what others have taken up or ended. */
  heed(): Promise<void>
}

export type Membership = {
  /** Names this dashboard in the rows of the runs that it owns. It moves when its lease was lost. */
  owner(): string
  /** Resolves when the first try to join has ended. */
  start(runs: OwnedRuns): Promise<void>
  /** Gives what this dashboard owns to the others. */
  close(): Promise<void>
}

/** Keeps this dashboard's lease, and takes up the runs of those that lost theirs. */
export function createMembership(deps: {
  cluster: ClusterStore
  dashboard: { name: string; version: string }
  ttlMs: number
  /** Of no other dashboard; it owns runs that are accepted before this one could join. */
  provisionalOwner: string
  leadership: Pick<OwnLeadership, 'note'>
  clock: Clock
  events: EventStream
}): Membership {
  const { cluster, dashboard, ttlMs, provisionalOwner, leadership, clock, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'lease of this dashboard' })
  const renewMs = ttlMs / 3
  const pace = { busyMs: Math.min(retryMs, renewMs), retryMs: Math.min(retryMs, renewMs) }
  const tried = Promise.withResolvers<void>()
  let id: string | undefined
  let runs: OwnedRuns | undefined
  const lease = createBackgroundLoop({ clock, step: () => keepLease().finally(tried.resolve), onError, pace })
  /** Apart from the lease, which must not lapse because there is much to take up. */
  const orphans = createBackgroundLoop({ clock, step: takeUp, onError, pace })

  async function keepLease() {
    await lead(await renewed())
    orphans.wake()
    return { restMs: renewMs }
  }

  async function takeUp() {
    await runs?.heed()
    const taken = id === undefined ? [] : await cluster.takeUp(id, ttlMs, maxTakenAtOnce)
    if (taken.length > 0) {
      events.emit('runs-taken-up', { runs: taken.length })
      runs?.takeUp(taken)
    }
    return { restMs: taken.length === maxTakenAtOnce ? 0 : undefined }
  }

  async function lead(own: string): Promise<void> {
    const askedAt = clock.elapsed()
    const epoch = await cluster.lead(leaseName, own, ttlMs)
    const held = epoch === undefined ? undefined : { name: leaseName, owner: own, epoch }
    leadership.note(held && { lease: held, until: askedAt + ttlMs })
  }

  async function renewed(): Promise<string> {
    if (id !== undefined && (await cluster.renew(id, ttlMs))) return id
    const joined = await cluster.join(dashboard, ttlMs)
    if (id !== undefined) events.emit('lease-lost', {})
    id = joined
    return joined
  }

  return {
    owner: () => id ?? provisionalOwner,

    async start(owned) {
      runs = owned
      lease.start()
      await tried.promise
    },

    async close() {
      await Promise.all([lease.stop(), orphans.stop()])
      if (id !== undefined) await cluster.leave(id).catch(onError)
    },
  }
}
