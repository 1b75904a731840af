import { median } from './load.ts'
import { searches } from './sample-payloads.ts'

const rounds = 60
const fewestRounds = 3
const writesPerSecond = 20
const asBrowser = { accept: 'text/html' }

/** Nothing is to be thrown away meanwhile. */
export const keepAll = {
  CONFIGURABLE_AGENTS_KEEP_DAYS: '100000',
  CONFIGURABLE_AGENTS_KEEP_RUNS: '1000000000',
  CONFIGURABLE_AGENTS_KEEP_FAILED_DAYS: '100000',
}

/** Executes agents, so many times a second. */
export function startWriting(url: string) {
  let runs = 0
  const times: number[] = []
  const timer = setInterval(() => {
    const body = JSON.stringify({ inputs: { topic: `${searches.common} ${runs}` } })
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const startedAt = performance.now()
    fetch(`${url}/orchestrator/agent-${runs % 20}/execute`, { method: 'POST', headers, body })
      .then((answer) => answer.text())
      .then(() => {
        runs++
        times.push(performance.now() - startedAt)
      })
      .catch(() => undefined)
  }, 1000 / writesPerSecond)
  return {
    stop() {
      clearInterval(timer)
      // To be held against a smaller file: at most 20 % more for ten times as many runs.
      return `${runs} runs were made meanwhile, half of them accepted within ${median(times).toFixed(1)} ms`
    },
  }
}

/** Milliseconds within which half of the rounds end, and 95 of 100; of fewer rounds where these would take longer than `maxMs`. */
export async function timed(
  run: () => unknown,
  maxMs = Number.POSITIVE_INFINITY,
): Promise<{ p50: number; p95: number }> {
  for (let warm = 0; warm < 3; warm++) await run()
  const times: number[] = []
  const end = performance.now() + maxMs
  for (let round = 0; round < rounds && (round < fewestRounds || performance.now() < end); round++) {
    const startedAt = performance.now()
    await run()
    times.push(performance.now() - startedAt)
    // As between the requests of people: what waits gets its turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  times.sort((a, b) => a - b)
  return { p50: times[Math.floor(times.length * 0.5)]!, p95: times[Math.floor(times.length * 0.95)]! }
}

export async function getPage(url: string): Promise<void> {
  const answer = await fetch(url, { headers: asBrowser })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 200)}`)
}
