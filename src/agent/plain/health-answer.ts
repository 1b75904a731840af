import { looseValue } from '../../shared/json.ts'
import { isMembers } from '../../shared/members.ts'
import { credentialPhrase } from '../../shared/text/credential-words.ts'
import type { Reply } from '../http/exchange.ts'
import { isOk, isWebPage, statusLine } from '../http/reply-kind.ts'
import type { HealthAnswer } from '../protocol.ts'
import { inSnakeCase } from './answer-words.ts'
import { readReason, reasonIn } from './reasons.ts'

const verdicts = new Map<string, HealthAnswer['verdict']>([
  ...['healthy', 'alive', 'ok', 'up', 'ready', 'running', 'pass', 'serving', 'true'].map(
    (word) => [word, 'healthy'] as const,
  ),
  ...['healthybusy', 'healthy_busy', 'busy'].map((word) => [word, 'busy'] as const),
  ...['degraded', 'warn', 'starting'].map((word) => [word, 'degraded'] as const),
])
const illWords =
  /\b(down|unhealthy|not|no|fail(?:ed|ing|ure)?|error|unavailable|offline|dead|stopped|critical|out of)\b/i
/** Members that are false when the agent is not healthy. */
const truths = ['healthy', 'is_healthy', 'ok', 'alive', 'ready', 'live', 'up', 'success']
/** Words that say what the state beside a reason says: Degraded, Down, Busy. */
const stateWords = new Map<string, HealthAnswer['verdict']>([
  ['degraded', 'degraded'],
  ['busy', 'busy'],
  ['down', 'unhealthy'],
  ['unhealthy', 'unhealthy'],
])
const maxWord = 60
const maxReason = 300

export function readHealth(reply: Reply, hasCredential = false): HealthAnswer {
  const text = reply.text.trim()
  const value = looseValue(text)
  if (!isOk(reply)) {
    const said = isWebPage(reply) ? '' : saidBeside(value, reply)
    const answered = `HTTP ${said === '' ? statusLine(reply) : reply.status}${said}`
    const asks = credentialPhrase(reply.status, hasCredential)
    return { verdict: 'unhealthy', reason: asks === undefined ? answered : `${asks} (${answered})` }
  }
  if (isWebPage(reply)) return { verdict: 'unhealthy', reason: 'answered with a web page' }
  if (isMembers(value)) return readMembers(value)
  if (typeof value === 'string' || typeof value === 'boolean') return readText(String(value))
  if (value !== undefined || text === '') return { verdict: 'healthy' }
  return reply.contentType.includes('json')
    ? { verdict: 'unhealthy', reason: 'answered with invalid JSON' }
    : readText(text)
}

function readMembers(written: Record<string, unknown>): HealthAnswer {
  const names = Object.keys(written).map((name): [string, unknown] => [inSnakeCase(name), written[name]])
  const members = { ...Object.fromEntries(names), ...written }
  const said = [members.status, members.state, members.health].map(statusWord).find((word) => word !== '') ?? ''
  const falseOrNoCount = said === '' ? /^\s*(?:false|0)\s*$/i : /^\s*false\s*$/i
  const isIll = truths.some((name) => falseOrNoCount.test(String(members[name])))
  const answer = verdictOf(said, isIll)
  if (answer.verdict === 'healthy') return answer
  const reason = oneLine(reasonIn(members).text)
  if (reason === '') return answer
  const isSaid = stateWords.get(said.trim().toLowerCase()) === answer.verdict
  return { ...answer, reason: isSaid ? `reports "${reason}"` : `${answer.reason}: ${reason}` }
}

function statusWord(status: unknown): string {
  if (typeof status === 'number' && status >= 200 && status <= 299) return ''
  return ['string', 'boolean', 'number'].includes(typeof status) ? String(status) : ''
}

function verdictOf(said: string, isIll = false): HealthAnswer {
  const word = said.trim()
  const verdict = word === '' ? 'healthy' : (verdicts.get(word.toLowerCase().replace(/[\s-]+/g, '_')) ?? 'unhealthy')
  if (verdict === 'healthy')
    return isIll ? { verdict: 'unhealthy', reason: 'reports that it is not healthy' } : { verdict }
  return { verdict: isIll ? 'unhealthy' : verdict, reason: `reports "${word.slice(0, maxWord)}"` }
}

/** One word is a status. Several are judged by the first, or by an ill word among them. */
function readText(text: string): HealthAnswer {
  const said = oneLine(text)
  const first = /^[\p{L}\p{N}_-]+/u.exec(said)?.[0] ?? ''
  const rest = said.slice(first.length).replace(/[.!]+$/, '')
  if (rest === '') return verdictOf(first === '' ? said : first)
  const verdict = verdicts.get(first.toLowerCase())
  if (verdict === 'healthy' || (verdict === undefined && !illWords.test(said))) return { verdict: 'healthy' }
  return { verdict: verdict ?? 'unhealthy', reason: `reports "${said.slice(0, maxWord)}"` }
}

function saidBeside(value: unknown, reply: Reply): string {
  const said = isMembers(value) ? reasonIn(value, reply).text : readReason(reply).text
  if (said !== '') return `: ${oneLine(said)}`
  const word = isMembers(value) && typeof value.status === 'string' ? value.status.trim() : ''
  return verdictOf(word).verdict === 'healthy' ? '' : `: "${word.slice(0, maxWord)}"`
}

function oneLine(text: string): string {
  return text.slice(0, maxReason).replace(/\s+/g, ' ').trim()
}
