import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded into the dashboard that is measured: tells whoever started it what it needed since the last time it was asked.

export type Figures = {
  /** The 99th percentile of how late the event loop was. */
  loopDelayMs: number
  cpuMs: number
  memoryMb: number
}

const delay = monitorEventLoopDelay({ resolution: 1 })
let used = process.cpuUsage()
process.on('message', (question) => {
  if (question !== 'figures') return
  const { user, system } = process.cpuUsage(used)
  const figures: Figures = {
    loopDelayMs: delay.percentile(99) / 1e6,
    cpuMs: (user + system) / 1000,
    memoryMb: process.memoryUsage.rss() / 1_048_576,
  }
  process.send!(figures)
  used = process.cpuUsage()
  delay.reset()
  delay.enable()
})
// Being asked is no reason to stay alive.
process.channel!.unref()
