import { createRevision } from '../../shared/revision.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Registry } from '../registry/registry.ts'

export function createDownCount({
  registry,
  monitor,
}: {
  registry: Pick<Registry, 'all' | 'version'>
  monitor: Pick<HealthMonitor, 'of' | 'revision'>
}): () => number {
  const revision = createRevision(registry.version, monitor.revision)
  let countedAt = ''
  let count = 0
  return () => {
    const now = revision()
    if (now !== countedAt) {
      countedAt = now
      count = registry.all().filter((agent) => ['down', 'expired'].includes(monitor.of(agent).state)).length
    }
    return count
  }
}
