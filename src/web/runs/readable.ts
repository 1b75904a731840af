import { LRUCache } from 'lru-cache'
import type { Run } from '../../orchestrator/runs/runs.ts'
import { scanJson } from '../../shared/json/scan.ts'

export type PayloadName = 'inputs' | 'outputs' | 'config'
export type Readable = ReturnType<typeof scanJson>

/** To look through megabytes takes a tenth of a second, and a page that is polled asks every second. */
const minRemembered = 16 * 1024
const remembered = new LRUCache<string, Readable>({ max: 500 })

/** What keeps a payload, if anything, from being read as JSON. */
export function readableOf(run: Pick<Run, 'id'>, name: PayloadName, text: string): Readable {
  if (text.length < minRemembered) return scanJson(text, { isPython: true })
  const key = JSON.stringify([run.id, name, text.length, text.slice(0, 200), text.slice(-200)])
  const known = remembered.get(key)
  if (known) return known
  const read = scanJson(text, { isPython: true })
  remembered.set(key, { problem: read.problem, notNumbers: read.notNumbers.slice(0, 1) })
  return read
}

/** Whether an agent takes it as it is. */
export function isSendable({ problem, notNumbers }: Readable): boolean {
  return problem === undefined && notNumbers.length === 0
}
