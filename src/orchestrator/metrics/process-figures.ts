import { monitorEventLoopDelay } from 'node:perf_hooks'
import { counter, type Family, gauge, one } from './family.ts'

const resolutionMs = 20
const quantiles = [0.5, 0.99, 1]

/** The event loop is watched from the first reading on; each reading covers the time since the one before. */
export function createProcessFigures(): () => Family[] {
  let delay: ReturnType<typeof monitorEventLoopDelay> | undefined

  function delays() {
    if (!delay) {
      delay = monitorEventLoopDelay({ resolution: resolutionMs })
      delay.enable()
      return []
    }
    const watched = delay
    const samples = quantiles.flatMap((quantile) => {
      const ms = watched.percentile(quantile * 100) / 1e6 - resolutionMs
      return one(Math.max(0, ms) / 1000, { quantile: String(quantile) })
    })
    watched.reset()
    return samples
  }

  return () => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    return [
      gauge('event_loop_delay_seconds', 'Delay of the event loop since the scrape before, by quantile.', delays()),
      gauge('process_resident_memory_bytes', 'Memory that the process takes.', one(rss)),
      gauge('process_heap_used_bytes', 'Memory that JavaScript objects take.', one(heapUsed)),
      counter('process_cpu_seconds_total', 'CPU time of the process.', one((user + system) / 1e6)),
      gauge('process_uptime_seconds', 'Time since the process started.', one(process.uptime())),
    ]
  }
}
