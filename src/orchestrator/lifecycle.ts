import type { Store } from '../store/ports.ts'
import type { Audit } from './audit/audit.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { HealthService } from './health/service.ts'
import type { HistoryIndex } from './history/indexing.ts'
import type { Executions } from './runs/engine.ts'
import type { System } from './system/system.ts'

export type Lifecycle = {
  /** Counts among the dashboards on the database. Runs are sent from then on. */
  join(): Promise<void>
  /** Joins, and begins all work in the background. Resolves when the recorded health of all agents is known. */
  start(): Promise<void>
  /** Ends it, lets what was sent finish for a while, and closes the store. */
  close(): Promise<void>
  /** For a process that ends without `close`. */
  abandon(): void
}

export function createLifecycle(deps: {
  health: HealthService
  executions: Executions
  cluster: Cluster | undefined
  bulkWork: { wake(): void; stopWork(): Promise<void> }
  index: HistoryIndex
  system: System
  audit: Audit
  store: Pick<Store, 'close' | 'abandon'>
}): Lifecycle {
  const { health, executions, cluster, bulkWork, index, system, audit, store } = deps
  let joined: Promise<void> | undefined
  const join = () => (joined ??= Promise.resolve(cluster?.start(executions)))

  return {
    join,

    async start() {
      await join()
      health.recorder.start()
      const isWatching = health.monitor.start()
      executions.resume()
      executions.start()
      bulkWork.wake()
      for (const feature of [index, system, audit]) feature.start()
      await isWatching
    },

    async close() {
      cluster?.resign()
      health.monitor.stop()
      await bulkWork.stopWork()
      await Promise.all([index.stop(), system.close(), executions.close()])
      await cluster?.close()
      await health.recorder.close()
      await audit.close()
      await store.close()
    },

    abandon: store.abandon,
  }
}
