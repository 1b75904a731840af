import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded into the dashboard that is measured: tells whoever started it how late its event loop was since the last time.

const delay = monitorEventLoopDelay({ resolution: 1 })
process.on('message', () => {
  process.send!(delay.percentile(99) / 1e6)
  delay.reset()
  delay.enable()
})
// Being asked is no reason to stay alive.
process.channel!.unref()
