import type { Metric } from 'prom-client'
import type { Family } from '../../orchestrator/metrics/metrics.ts'

/** The text that Prometheus reads. The library takes some 40 ms to load: only for those who scrape. */
export async function writeExposition(families: Family[]): Promise<{ type: string; text: string }> {
  const { Registry } = await import('prom-client')
  const registry = new Registry()
  for (const family of families) registry.registerMetric(asMetric(family))
  return { type: registry.contentType, text: await registry.metrics() }
}

/** All that the registry reads of a metric: the counts are kept elsewhere, from before it is loaded. */
function asMetric({ name, help, type, samples }: Family): Metric {
  const values = samples.map(({ suffix, ...sample }) => (suffix ? { ...sample, metricName: name + suffix } : sample))
  return { name, get: async () => ({ name, help, type, values }) } as unknown as Metric
}
