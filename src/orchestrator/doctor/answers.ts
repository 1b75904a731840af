import type { AgentFailure } from '../../agent/http/failure.ts'
import { isFromProxy, isWebPage, statusLine } from '../../agent/http/reply-kind.ts'
import type { About, Endpoints, HealthReport } from '../../agent/protocol.ts'
import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input } from '../../agent/schema/input-type.ts'
import { inNumber, plural } from '../../shared/plural.ts'
import { credentialPhraseIn } from '../../shared/text/credential-words.ts'
import { basesOf, tryIt } from './address.ts'
import { type Finding, fail, neutral, pass, shown, warn } from './finding.ts'
import { type Answered, failureIn } from './network.ts'
import type { Visit } from './visit.ts'

const otherBaseMs = 1500
const maxNames = 5
/** From 520 on they are Cloudflare's. */
const proxyStatuses = new Set([502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530])
const checkLogs = "Check the agent's logs."
const enterIt = 'Enter what it asks for under “Credential and certificate”.'

export async function judgeHealth(visit: Visit, answered: Answered, checkMs: number): Promise<Finding> {
  const { health } = visit.protocol.endpoints
  if ('failure' in answered) return judgeUnreadable(visit.url, health, answered.failure)
  const { report, tookMs } = answered
  const { verdict, reply, endpoint, reason = '' } = report
  if (reply.status === 404) {
    const page = isWebPage(reply) ? ', with a web page' : ''
    return judgeElsewhere(visit, `GET ${health} answered ${shown(statusLine(reply))}${page}.`)
  }
  if (isWebPage(reply) && reply.status < 300) {
    return judgeElsewhere(visit, `GET ${endpoint} answered with a web page.`)
  }
  if (verdict === 'unhealthy' && endpoint !== health) return judgeElsewhere(visit, `GET ${endpoint}: ${shown(reason)}.`)
  if (tookMs > checkMs && verdict !== 'unhealthy') {
    return warn(
      `GET ${endpoint} took ${(tookMs / 1000).toFixed(1)} s to answer.`,
      `Health checks wait ${checkMs / 1000} s and then take it for down: give it a longer timeout.`,
    )
  }
  return judgeReport(report)
}

function judgeUnreadable(url: string, health: string, { kind, reason, details }: AgentFailure): Finding {
  const message = `GET ${health}: ${shown(reason, 300)}.`
  if (kind !== 'redirect') return fail(message, 'Agents answer with a little plain JSON.')
  const better = baseBehind(details.location, url, health)
  return better === undefined
    ? fail(message, 'Give the URL at which the agent itself answers.')
    : fail(message, tryIt(better), better)
}

function baseBehind(location: string | undefined, url: string, health: string): string | undefined {
  if (location === undefined || location.length > 2000 || !URL.canParse(location, url + health)) return undefined
  const { protocol, origin, pathname, username } = new URL(location, url + health)
  const path = pathname.replace(/\/$/, '')
  if (!path.endsWith(health) || username || !/^https?:$/.test(protocol)) return undefined
  const base = origin + path.slice(0, -health.length)
  return base === url ? undefined : base
}

function judgeReport({ verdict, reason = '', endpoint, reply }: HealthReport): Finding {
  if (verdict === 'healthy') return pass(`${endpoint} OK.`)
  const message = `GET ${endpoint}: ${shown(reason)}.`
  if (verdict === 'busy') return pass(message)
  if (verdict === 'degraded') return warn(message, 'It can be registered, and is shown as degraded while it says so.')
  const needsCredential = credentialPhraseIn(reason) !== undefined
  return { ...fail(message, adviceOn(reply, endpoint)), ...(needsCredential && { needsCredential }) }
}

function adviceOn(reply: HealthReport['reply'], endpoint: string): string {
  const { status } = reply
  if (status === 401 || status === 403) {
    return `${enterIt.slice(0, -1)}, or let checks through to ${endpoint}.`
  }
  if (status === 407) return 'A proxy in between asks for a login. Let this dashboard through without one.'
  if (status === 421) return 'The server expects another host name. Use the one it is set up for.'
  if (status === 429) return 'It gets too many requests. Test again later.'
  if (proxyStatuses.has(status) && isFromProxy(reply)) return 'A proxy seems to answer. Is the agent behind it running?'
  return checkLogs
}

/** An agent may be nearer to the root. */
async function judgeElsewhere({ url, target, protocol, timeLeft }: Visit, message: string): Promise<Finding> {
  for (const base of basesOf(url, protocol.endpoints)) {
    try {
      const { verdict } = await protocol.checkHealth(target(base), { deadlineMs: timeLeft(otherBaseMs) })
      if (verdict !== 'unhealthy') return fail(message, `An agent answers at ${base}: try that.`, base)
    } catch (error) {
      failureIn(error)
    }
  }
  return fail(
    message,
    message.includes('web page')
      ? 'This looks like a web page; is the agent behind a path, or on another port?'
      : `Agents answer GET ${protocol.endpoints.health}. Is the agent behind a path, or on another port?`,
  )
}

export function judgeSchema({ inputs, isUnnamed, workflow }: InputSchema): Finding {
  const name = workflow === undefined ? 'It' : `"${shown(workflow, 60)}"`
  if (isUnnamed) return pass(`${name} takes a JSON object; its schema names no inputs.`)
  if (inputs.length === 0) return pass(`${name} takes no inputs.`)
  const required = inputs.filter(({ isRequired }) => isRequired).length
  const taken = `${name} takes ${plural(inputs.length, 'input')}, ${required === 0 ? 'none' : required} of them required`
  const unknown = inputs.flatMap(notUnderstood)
  if (unknown.length > 0) {
    const listed = names(unknown.map((one) => `${shown(one.name, 60)} (${shown(one.typeLabel, 40)})`))
    return warn(
      `${taken}. Not understood: ${listed}.`,
      'The form asks what kind of value it is: text, number, list or object.',
    )
  }
  const asJson = inputs.filter(({ type }) => type.kind === 'json').map(({ name }) => name)
  const rest = asJson.length === 0 ? '' : `; ${names(asJson)} ${inNumber(asJson.length, 'is', 'are')} filled in as JSON`
  return pass(`${taken}: ${names(inputs.map((one) => one.name))}. Each type is understood${rest}.`)
}

function notUnderstood({ name, type, typeLabel }: Input): { name: string; typeLabel: string }[] {
  if (type.kind === 'group') {
    return type.inputs.flatMap(notUnderstood).map((inner) => ({ ...inner, name: `${name}.${inner.name}` }))
  }
  const isAny = /^(typing\.)?any$/i.test(typeLabel)
  return type.kind === 'any' && !isAny ? [{ name, typeLabel }] : []
}

export function noSchema({ schema }: Endpoints, { reason }: AgentFailure): Finding {
  const message = `GET ${schema}: ${shown(reason, 300)}.`
  if (credentialPhraseIn(reason) !== undefined) return { ...fail(message, enterIt), needsCredential: true }
  return fail(message, 'It can be registered, but there is no form to execute it with until it describes its inputs.')
}

export function judgeRun({ run, about }: Endpoints, self: About | undefined): Finding {
  if (self === undefined) return neutral(`POST ${run}: not called.`)
  if (self.listsRun) return pass(`${about} lists POST ${run}.`)
  return fail(`${about} does not list POST ${run}.`, `Is this the right program? An agent executes on POST ${run}.`)
}

function names(all: string[]): string {
  const listed = all.slice(0, maxNames).map((name) => shown(name, 110))
  const more = all.length - maxNames
  return listed.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
