import type { HealthMonitor } from '../health/monitor.ts'
import type { Registry } from '../registry/registry.ts'

export function createDownCount({
  registry,
  monitor,
}: {
  registry: Pick<Registry, 'all' | 'version'>
  monitor: Pick<HealthMonitor, 'of' | 'revision'>
}): () => number {
  let countedAt = ''
  let count = 0
  return () => {
    const revision = `${registry.version()}.${monitor.revision()}`
    if (revision !== countedAt) {
      countedAt = revision
      count = registry.all().filter((agent) => ['down', 'expired'].includes(monitor.of(agent).state)).length
    }
    return count
  }
}
