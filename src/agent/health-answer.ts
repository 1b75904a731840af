import { z } from 'zod'
import { looseValue } from '../json.ts'
import type { Reply } from './exchange.ts'
import { isOk, isWebPage, statusLine } from './reply-kind.ts'

export type HealthAnswer = { verdict: 'healthy' | 'degraded' | 'unhealthy'; reason?: string }

const healthyWords = new Set(['healthy', 'alive', 'ok', 'up', 'ready', 'running', 'pass', 'serving', 'true'])
const degradedWords = new Set(['degraded', 'warn', 'starting'])
const longestWord = 60

/** Reads an answer to `GET /health`; any status word counts as the contract with agents says. */
export function readHealth(reply: Reply): HealthAnswer {
  if (!isOk(reply)) return { verdict: 'unhealthy', reason: `it answered ${statusLine(reply)}` }
  if (isWebPage(reply)) return { verdict: 'unhealthy', reason: 'it answered with a web page' }
  const value = looseValue(reply.text)
  if (value === undefined && reply.contentType.includes('json') && reply.text.trim() !== '') {
    return { verdict: 'unhealthy', reason: 'its answer is not valid JSON' }
  }
  const status = z.object({ status: z.union([z.string(), z.boolean(), z.number()]) }).safeParse(value)
  if (!status.success) return { verdict: 'healthy' }
  const said = String(status.data.status).trim()
  const word = said.toLowerCase()
  if (word === '' || healthyWords.has(word)) return { verdict: 'healthy' }
  const shown = `it says "${said.slice(0, longestWord)}"`
  return { verdict: degradedWords.has(word) ? 'degraded' : 'unhealthy', reason: shown }
}
