import { AgentFailure } from '../../agent/http/failure.ts'
import type { Probe } from '../../agent/http/probe.ts'
import type { AgentClient } from '../../agent/plain/client.ts'
import type { OpenApi } from '../../agent/plain/open-api.ts'
import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import { targetOf } from '../registry/target.ts'
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
type Said = { schema: InputSchema | AgentFailure; openApi: OpenApi | undefined }

/** For all checks together. */
const longestMs = 10_000
const describeMs = 4000
/** Where an agent fails that is down or unwell, or nobody's yet. */
const failsWhenDown = new Set<Check>(['name', 'port', 'http', 'health'])

/**
 * Examines a URL before it is registered: from the address as typed to what the agent says of itself. It is asked for
 * /health, /schema and /openapi.json, and never to run anything.
 */
export function createDoctor(deps: {
  client: Pick<AgentClient, 'askHealth' | 'fetchSchema' | 'fetchOpenApi'>
  probe: Probe
  agents: () => KnownAgent[]
  /** How long it may take to answer here, and how long health checks will wait for it later. */
  answerMs: number
  healthCheckMs: number
  /** Milliseconds that only ever grow. */
  elapsed?: () => number
}) {
  const { client, probe, agents, answerMs, healthCheckMs, elapsed = () => performance.now() } = deps

  async function askHealth({ url, timeLeft }: Visit): Promise<Answered> {
    const startedAt = elapsed()
    const withinMs = timeLeft(answerMs)
    try {
      return { reply: await client.askHealth(targetOf({ url }), '/health', withinMs), tookMs: elapsed() - startedAt }
    } catch (error) {
      return { failure: failureIn(error), withinMs }
    }
  }

  async function askDescriptions({ url, timeLeft }: Visit): Promise<Said> {
    const withinMs = timeLeft(describeMs)
    const target = targetOf({ url })
    const [schema, openApi] = await Promise.all([
      client.fetchSchema(target, withinMs).then((fetched) => fetched.schema, failureIn),
      client.fetchOpenApi(target, withinMs),
    ])
    return { schema, openApi }
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
      said.schema instanceof AgentFailure ? noSchema(said.schema) : judgeSchema(said.schema),
    )
    if (canGoOn && note('run', judgeRun(said.openApi))) note('self', pass('Not a dashboard.'))
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
      const typed = readTyped(typedUrl)
      if ('mistake' in typed) {
        note('address', typed.mistake)
        return diagnosisOf(shown(typeof typedUrl === 'string' ? withoutLogin(typedUrl) : '', 2048), findings, undefined)
      }
      const { url } = typed
      const endsAt = elapsed() + longestMs
      const timeLeft = (mostMs: number) => Math.max(1, Math.min(mostMs, endsAt - elapsed()))
      const known = agents()
      const registered = registeredAt(url, known)
      note('address', aboutAddress(url, registered, typedId))
      const said = await examine({ url, client, probe, timeLeft }, note)
      return diagnosisOf(url, findings, suggestionFor(url, registered, known, said))
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
  return suggestFor({ workflow, openApi: said.openApi }, hostAndPort(url).port, isTaken)
}

function diagnosisOf(url: string, findings: Map<Check, Finding>, suggestion: Suggestion | undefined): Diagnosis {
  const lines = checks.map((check): DiagnosisLine => {
    const { verdict, message, next } = findings.get(check) ?? { verdict: 'skipped', message: 'Not checked.' }
    return { check, verdict, message, next }
  })
  const failed = lines.find(({ verdict }) => verdict === 'fail')
  return {
    url,
    isOk: failed === undefined,
    lines,
    canBeSavedAnyway: failed !== undefined && failsWhenDown.has(failed.check),
    suggestedUrl: [...findings.values()].findLast(({ suggestedUrl }) => suggestedUrl !== undefined)?.suggestedUrl,
    suggestion,
  }
}
