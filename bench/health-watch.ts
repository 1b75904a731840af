import { Agent, get } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

// A thread that asks for /healthz again and again, and tells on demand how long the longest answer took.

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let longestMs = 0
let askedAt = performance.now()

function ask(): void {
  askedAt = performance.now()
  const again = () => {
    longestMs = Math.max(longestMs, performance.now() - askedAt)
    setTimeout(ask, 5)
  }
  get(`${workerData}/healthz`, { agent }, (response) => response.resume().on('end', again)).on('error', again)
}

parentPort!.on('message', () => {
  parentPort!.postMessage(Math.max(longestMs, performance.now() - askedAt))
  longestMs = 0
})
ask()
