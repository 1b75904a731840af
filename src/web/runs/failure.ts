import type { Health } from '../../orchestrator/health/shown.ts'
import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { plural } from '../../shared/plural.ts'
import { dayMs } from '../../shared/time/durations.ts'
import { type Asked, presentAsked, presentRefusedCertificate } from '../format/asked.ts'
import { presentReason } from '../format/reason.ts'
import { presentStatus } from '../format/run.ts'
import { formatLongDuration, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

/** `check` asks the agent for its health, where a person is. */
type Step = {
  text: string
  check?: { label: string; path: string }
  link?: { label: string; path: string }
  /** What an admin can do; others are told to ask one. */
  asked?: Asked
}

export type Failure = {
  tone: string
  icon: string
  cause: string
  facts: string
  recorded: string
  error: string
  steps: Step[]
  /** The filled button: of a step, or of the page's head. */
  primary: 'check' | 'edit' | 'rerun'
}

const icons: Record<string, string> = { failed: 'down', lost: 'circle-help', cancelled: 'ban' }
const maxCause = 200
const nothingSent = 'Nothing was sent, so nothing happens twice.'
const mayHappenTwice = 'It was sent: the agent may do the work twice.'

/** Why a run did not complete, and what to do next; undefined where no error was recorded. */
export function presentFailure(found: FoundRun, health: Health | undefined, times: Times): Failure | undefined {
  const { run, cause } = found
  const { status, error } = run
  if (error === null || error === '') return undefined
  const [first, rest] = status === 'cancelled' ? sentences(error) : headed(error, cause)
  const shown = {
    tone: presentStatus(status).tone,
    icon: icons[status] ?? 'circle-x',
    cause: presentReason(first),
    facts: rest,
    recorded: error,
    error: '',
    steps: [],
    primary: 'rerun' as const,
  }
  if (status === 'cancelled') return wasSent(found) ? shown : { ...shown, facts: 'Nothing was sent to the agent.' }
  if (run.isReported) {
    const steps = [{ text: 'Fix it, then run it again from its program.' }]
    return { ...shown, error: error.startsWith(first) ? '' : error, steps }
  }
  if (run.agentId === undefined) {
    const steps = [{ text: 'Fix it, then run it again from Python.' }]
    return { ...shown, error: error.trim() === first ? '' : error, steps }
  }
  const asked = found.agent && presentAsked(found.agent.id, error)
  if (asked) return { ...shown, error: error.startsWith(first) ? '' : error, steps: afterAsking(asked, run) }
  if (error.startsWith('Cannot connect')) return { ...shown, ...unreachable(found, error, health, times) }
  if (run.errorFields.length > 0) return { ...shown, ...refused(found) }
  return { ...shown, error: error.startsWith(first) ? '' : error, steps: afterSending(run, error) }
}

function sentences(text: string): [string, string] {
  const end = text.indexOf('. ')
  return end < 0 ? [text.replace(/\.$/, ''), ''] : [text.slice(0, end), text.slice(end + 2)]
}

/** Of runs without a log nobody knows. */
const wasSent = ({ events }: FoundRun) => events.length === 0 || events.some(({ kind }) => kind === 'sent')

/** Of a traceback of Python the last line says why; what follows the cause says what that means. */
function headed(error: string, cause: string): [string, string] {
  const lines = error.trim().split('\n')
  if (lines.length > 1 && error.startsWith('Traceback ')) return [lines.at(-1)!.trim().slice(0, maxCause), '']
  return [cause, error.startsWith(`${cause}. `) ? error.slice(cause.length + 2) : '']
}

type Kind = 'refused' | 'name' | 'forbidden' | 'tls' | 'network'

const kinds: [pattern: RegExp, kind: Kind][] = [
  [/: connection refused/, 'refused'],
  [/: could not resolve /, 'name'],
  [/ are never called/, 'forbidden'],
  [/ TLS /, 'tls'],
]
const remedies: Record<Kind, string> = {
  refused: 'Start the agent on its machine',
  name: "Check the host name in the agent's URL.",
  forbidden: 'Give the agent another address.',
  tls: "Check the scheme of the agent's URL, and its certificate.",
  network: 'Check the network between this dashboard and the agent.',
}

function unreachable({ run, agent }: FoundRun, error: string, health: Health | undefined, times: Times) {
  const kind = kinds.find(([pattern]) => pattern.test(error))?.[1] ?? 'network'
  const url = run.agentUrl !== null && URL.canParse(run.agentUrl) ? new URL(run.agentUrl) : undefined
  const isDown = health !== undefined && ['down', 'expired'].includes(health.state)
  const isBack = !isDown && health?.seenAt !== undefined && health.seenAt >= (run.completedAt ?? 0)
  const facts = [
    kind === 'refused' && url ? `Nothing ${isDown ? 'listens' : 'listened'} on ${url.host}.` : '',
    agent && health && isDown ? `${agent.name} has been down for ${lasting(health.since, times)}.` : '',
    agent && isBack ? `${agent.name} is up again.` : '',
  ]
  const remedy = remedies[kind]
  const start = kind === 'refused' && url ? `${remedy}: it was last called at port ${portOf(url)}.` : withStop(remedy)
  const certificate = agent && presentRefusedCertificate(agent.id, error)
  const edit = agent && kind !== 'refused' ? { label: 'Edit agent', path: paths.editAgent(agent.id) } : undefined
  const link = certificate ?? edit
  const again: Step[] = agent
    ? [{ text: `Rerun with the same inputs. ${nothingSent}` }]
    : [{ text: `Register the agent again, then rerun. ${nothingSent}` }]
  const check = agent && {
    text: 'Check that it is back.',
    check: { label: `Check ${agent.name}`, path: paths.checkAgent(agent.id) },
  }
  const isWaiting = check !== undefined && !isBack
  return {
    facts: facts.filter(Boolean).join(' '),
    steps: isBack ? again : [{ text: start, ...(link && { link }) }, ...(check ? [check] : []), ...again],
    primary: isWaiting ? ('check' as const) : ('rerun' as const),
  }
}

const withStop = (text: string) => (text.endsWith('.') ? text : `${text}.`)
const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80')

function lasting(since: number, { now, clock, day }: Times): string {
  const start = now - since < dayMs ? clock(since) : `${day(since)}, ${clock(since)}`
  return `${formatLongDuration(now - since)}, since ${start}`
}

function refused({ run, agent }: FoundRun) {
  const names = [...new Set(run.errorFields.map(({ field }) => field))].filter(Boolean)
  const which = names.length > 0 ? names.join(', ') : 'the inputs'
  return {
    cause: names.length > 0 ? `Fix ${plural(names.length, 'input')}: ${names.join(', ')}` : 'Inputs refused',
    error: run.error ?? '',
    steps: [{ text: agent ? `Correct ${which} with “Edit and rerun”.` : 'Register the agent again, then rerun.' }],
    primary: 'edit' as const,
  }
}

/** The agent has refused to begin, or to say how it went. */
function afterAsking(asked: Asked, { status }: FoundRun['run']): Step[] {
  const again =
    status === 'lost' ? `Rerun only if the agent did not do the work. ${mayHappenTwice}` : 'Rerun with the same inputs.'
  return [{ text: '', asked }, { text: again }]
}

function afterSending({ status }: FoundRun['run'], error: string): Step[] {
  if (status === 'lost') {
    return [
      { text: "Check the agent's logs before you rerun: it may have done the work." },
      { text: `Rerun only if it did not. ${mayHappenTwice}` },
    ]
  }
  if (error.includes('no answer within')) {
    return [
      { text: "Check the agent's logs: it may still be working." },
      { text: 'If it needs longer, set CONFIGURABLE_AGENTS_RUN_TIMEOUT_SECONDS.' },
      { text: `Rerun with the same inputs. ${mayHappenTwice}` },
    ]
  }
  return [{ text: "Check the agent's logs." }, { text: 'Rerun with the same inputs, or edit them first.' }]
}
