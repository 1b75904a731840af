// Loaded into the dashboard that is measured: tells how much of the processor its longest turn took since it was last
// asked. Other programs do not count, unlike in how long an answer takes.

let longestMs = 0
let before = process.threadCpuUsage()

setInterval(() => {
  const used = process.threadCpuUsage()
  longestMs = Math.max(longestMs, (used.user + used.system - before.user - before.system) / 1000)
  before = used
}, 1).unref()

process.on('message', (question) => {
  if (question !== 'turns') return
  process.send!(longestMs)
  longestMs = 0
})
