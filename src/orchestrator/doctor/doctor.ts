import { AgentFailure } from '../../agent/http/failure.ts'
import type { Probe } from '../../agent/http/probe.ts'
import type { About, Endpoints, Protocols } from '../../agent/protocol.ts'
import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import { agentAt, defaultProtocol, targetOf } from '../registry/target.ts'
import { aboutAddress, type KnownAgent, readTyped, registeredAt } from './address.ts'
import { judgeHealth, judgeRun, judgeSchema, noSchema } from './answers.ts'
import { type Check, checks, type Finding, fail, pass, shown } from './finding.ts'
import { type Answered, failureIn, judgeHttp, lookUpName, tryPort, type Visit } from './network.ts'
import { type Suggestion, suggestFor } from './suggestion.ts'

export type DiagnosisLine = {
  check: Check
  verdict: Finding['verdict'] | 'skipped'
  message: string
  next: string | undefined
}

/** What the registration doctor found out about a URL. */
export type Diagnosis = {
  /** The base URL; what was typed where that is none. */
  url: string
  /** Where it was, or would have been, asked. */
  endpoints: Endpoints
  /** No check failed. */
  isOk: boolean
  /** One line per check, in the order of `checks`. After one that failed, the rest is skipped. */
  lines: DiagnosisLine[]
  /** It is down or unwell, as an agent may be: it can be saved on purpose. */
  canBeSavedAnyway: boolean
  /** Another URL that is worth a test. */
  suggestedUrl: string | undefined
  suggestion: Suggestion | undefined
}

/** What an agent says of itself. */
type Said = { schema: InputSchema | AgentFailure; about: About | undefined }

/** For all checks together. */
const longestMs = 10_000
const describeMs = 4000
/** Where an agent fails that is down or unwell, or nobody's yet. */
const failsWhenDown = new Set<Check>(['name', 'port', 'http', 'health'])

/**
 * Examines a URL before it is registered: from the address as typed to what the agent says of itself. It is never
 * asked to run anything.
 */
export function createDoctor(deps: {
  protocols: Protocols
  probe: Probe
  agents: () => KnownAgent[]
  /** How long it may take to answer here, and how long health checks will wait for it later. */
  answerMs: number
  healthCheckMs: number
  /** Milliseconds that only ever grow. */
  elapsed: () => number
}) {
  const { protocols, probe, agents, answerMs, healthCheckMs, elapsed } = deps

  const protocol = protocols[defaultProtocol]
  const { endpoints } = protocol

  async function askHealth({ url, timeLeft }: Visit): Promise<Answered> {
    const startedAt = elapsed()
    const withinMs = timeLeft(answerMs)
    try {
      const report = await protocol.checkHealth(targetOf(agentAt(url)), { deadlineMs: withinMs })
      return { report, tookMs: elapsed() - startedAt }
    } catch (error) {
      return { failure: failureIn(error), withinMs }
    }
  }

  async function askDescriptions({ url, timeLeft }: Visit): Promise<Said> {
    const target = targetOf(agentAt(url))
    const ask = { deadlineMs: timeLeft(describeMs) }
    const [schema, about] = await Promise.all([
      protocol.describe(target, ask).then((described) => described.schema, failureIn),
      protocol.about?.(target, ask),
    ])
    return { schema, about }
  }

  /** Says what it found check by check; resolves to what the agent said of itself, when it got that far. */
  async function examine(visit: Visit, note: (check: Check, finding: Finding) => boolean): Promise<Said | undefined> {
    if (!note('name', await lookUpName(visit))) return undefined
    if (!note('port', await tryPort(visit))) return undefined
    const answered = await askHealth(visit)
    if (!note('http', await judgeHttp(visit, answered))) return undefined
    if ('failure' in answered && answered.failure.kind === 'self') {
      note('self', itself)
      return undefined
    }
    if (!note('health', await judgeHealth(visit, answered, healthCheckMs))) return undefined
    const said = await askDescriptions(visit)
    const canGoOn = note(
      'schema',
      said.schema instanceof AgentFailure ? noSchema(endpoints, said.schema) : judgeSchema(said.schema),
    )
    if (canGoOn && note('run', judgeRun(endpoints, said.about))) note('self', pass('Not a dashboard.'))
    return said
  }

  return {
    /** `typedId` is the id it is to be registered under, where that is known already. */
    async diagnose(typedUrl: unknown, typedId?: unknown): Promise<Diagnosis> {
      const findings = new Map<Check, Finding>()
      const note = (check: Check, finding: Finding) => {
        findings.set(check, finding)
        return finding.verdict !== 'fail'
      }
      const typed = readTyped(typedUrl, endpoints)
      if ('error' in typed) {
        note('address', typed.error)
        const url = shown(typeof typedUrl === 'string' ? withoutLogin(typedUrl) : '', 2048)
        return { url, endpoints, suggestion: undefined, ...judged(findings) }
      }
      const url = typed.value
      const endsAt = elapsed() + longestMs
      const timeLeft = (mostMs: number) => Math.max(1, Math.min(mostMs, endsAt - elapsed()))
      const known = agents()
      const registered = registeredAt(url, known)
      note('address', aboutAddress(url, endpoints, registered, typedId))
      const said = await examine({ url, protocol, probe, timeLeft }, note)
      return { url, endpoints, suggestion: suggestionFor(url, registered, known, said), ...judged(findings) }
    },
  }
}

/** What was typed and is no URL may hold a password all the same. */
function withoutLogin(typed: string): string {
  return typed.replace(/^(\s*(?:[a-z]+:)?\/{2,})?.*@/is, '$1')
}

const itself = fail(
  'This is a dashboard like this one, not an agent.',
  'Agents listen on another port; each prints its own when it starts.',
)

function suggestionFor(
  url: string,
  registered: KnownAgent | undefined,
  known: KnownAgent[],
  said: Said | undefined,
): Suggestion | undefined {
  // What is registered is updated rather than doubled.
  if (registered) {
    const { id, name, description } = registered
    return { agentId: id, agentName: name, description }
  }
  const isTaken = (id: string) => known.some((agent) => agent.id === id)
  if (!said) return undefined
  const workflow = said.schema instanceof AgentFailure ? undefined : said.schema.workflow
  return suggestFor({ workflow, about: said.about }, hostAndPort(url).port, isTaken)
}

function judged(findings: Map<Check, Finding>) {
  const lines = checks.map((check): DiagnosisLine => {
    const { verdict, message, next } = findings.get(check) ?? { verdict: 'skipped', message: 'Not checked.' }
    return { check, verdict, message, next }
  })
  const failed = lines.find(({ verdict }) => verdict === 'fail')
  return {
    isOk: failed === undefined,
    lines,
    canBeSavedAnyway: failed !== undefined && failsWhenDown.has(failed.check),
    suggestedUrl: [...findings.values()].findLast(({ suggestedUrl }) => suggestedUrl !== undefined)?.suggestedUrl,
  }
}
