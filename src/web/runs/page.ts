import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { scanJson } from '../../shared/json/scan.ts'
import { isStrictJson, presentExcess } from '../../shared/json.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { presentJson } from '../format/json-text.ts'
import { presentTree } from '../format/json-tree.ts'
import { formatCost, formatNumber, unknown } from '../format/numbers.ts'
import { presentRun, presentStatus } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentAnswerKind } from './answer-kind.ts'
import { presentExchange } from './exchanges.ts'
import { withReasons } from './input-reasons.ts'
import { presentTimeline } from './timeline.ts'

type Run = FoundRun['run']
type Queued = NonNullable<NonNullable<FoundRun['progress']>['queued']>

const maxHoldersShown = 10

/** The region `#run`. `token` makes "Run again" count once. */
export function presentRunPage(found: FoundRun, times: Times, token: string) {
  const { run, agent, exchanges, reruns } = found
  const row = presentRun(run, times)
  const isOurs = run.agentId !== undefined
  const isActive = !hasEnded(run.status)
  const durationMs = found.progress?.durationMs
  const duration = formatDuration(run.durationSeconds ?? (durationMs === undefined ? undefined : durationMs / 1000))
  return {
    ...row,
    token,
    title: isOurs ? `${run.workflow} on ${agent?.name ?? run.agentId}` : run.workflow,
    status: presentStatus(run.status),
    isActive,
    doing: isOurs && isActive ? doingNow(found) : '',
    queue: run.status === 'pending' ? presentQueue(found) : undefined,
    facts: [
      { value: duration === unknown ? row.duration : duration, label: 'Duration' },
      { value: formatNumber(run.totalTokens), label: 'Tokens' },
      { value: formatCost(run.totalCostUsd), label: 'Cost' },
    ],
    completed: times.moment(run.completedAt),
    error: run.error ?? '',
    advice: run.error === null ? '' : adviceFor(run),
    inputs: presentInputs(run),
    outputs: presentPayload(run, 'outputs'),
    answerKind: presentAnswerKind(found),
    config: presentPayload(run, 'config'),
    withheld: run.withheld.join(', '),
    timeline: presentTimeline(found),
    exchanges: exchanges.map(presentExchange),
    curl: found.sentTo?.curl ?? '',
    comparePath: paths.compare({ b: run.id }),
    canCancel: isActive && isOurs,
    canRerun:
      !isActive && agent !== undefined && run.withheld.length === 0 && run.inputs !== null && isStrictJson(run.inputs),
    editPath: agent && !isActive ? paths.execute(agent.id, { from: run.id }) : '',
    rerunOf: run.rerunOf === null ? undefined : linkTo(run.rerunOf),
    reruns: reruns.map(linkTo),
    agent: isOurs
      ? {
          id: run.agentId!,
          name: agent?.name ?? run.agentId!,
          url: run.agentUrl ?? agent?.url ?? '',
          isRegistered: agent !== undefined,
          path: paths.agentPage(run.agentId!),
          runsPath: paths.runs({ agent: run.agentId! }),
        }
      : undefined,
  }
}

function linkTo(id: string) {
  return { path: paths.run(id), id }
}

function doingNow({ run, progress }: FoundRun): string {
  if (progress?.queued && run.status === 'pending')
    return `Queued: ${limitReached(progress.queued)}. It is sent as soon as one is free.`
  if (progress?.held === 'send') return 'Accepted and saved. It is sent as soon as the database can be written again.'
  if (progress?.held === 'answer')
    return 'The agent has answered. The answer is kept in memory until the database can be written again.'
  const follows = 'This page follows the run to its end by itself.'
  if (run.jobId !== null) return `Running in the background on the agent. ${follows}`
  return run.status === 'pending' ? `Accepted and saved. ${follows}` : `The agent is working. ${follows}`
}

function limitReached({ limit, slots }: Queued): string {
  if (limit === 'all') return `all ${slots} slots are in use`
  return slots === 1 ? 'the only slot of this agent is in use' : `all ${slots} slots of this agent are in use`
}

function presentQueue({ progress }: FoundRun) {
  const heldBy = progress?.queued?.heldBy ?? []
  return {
    heldBy: heldBy.slice(0, maxHoldersShown).map(({ runId, agentId }) => ({ ...linkTo(runId), agentId })),
    more: Math.max(0, heldBy.length - maxHoldersShown),
  }
}

function adviceFor({ status, error, errorFields }: Run): string {
  if (status === 'lost') return 'Look into the log of the agent before you run it again: it may have done the work.'
  if (status !== 'failed') return ''
  if (errorFields.length > 0) return 'Correct these inputs with "Edit and run again".'
  if (error?.startsWith('Cannot connect')) return `Nothing was sent. ${adviceOnConnecting(error)}`
  if (error?.includes('no answer within'))
    return 'Look into the log of the agent. CONFIGURABLE_AGENTS_RUN_TIMEOUT_SECONDS gives it longer.'
  return 'The log of the agent may say more.'
}

function adviceOnConnecting(error: string): string {
  if (error.includes(': connection refused')) return 'Start the agent, then run it again.'
  if (error.includes(': could not resolve ')) return "Check the host name in the agent's URL."
  if (error.includes(' are never called')) return 'Give the agent another address.'
  if (error.includes(' TLS ')) return "Check the scheme of the agent's URL, and its certificate."
  return 'Check the network between this dashboard and the agent.'
}

function presentInputs(run: Run) {
  const payload = presentPayload(run, 'inputs')
  return payload?.tree ? { ...payload, tree: withReasons(payload.tree, run.errorFields) } : payload
}

function presentPayload(run: Run, name: 'inputs' | 'outputs' | 'config') {
  const text = run[name]
  if (text === null || text === '') return undefined
  const { problem } = scanJson(text, { isPython: true })
  const isReadable = problem === undefined
  const { spans, hiddenCharacters } = presentJson(text, isReadable)
  return {
    tree: presentTree(text, '', 0, isReadable),
    excess:
      problem === undefined || problem.kind === 'syntax'
        ? ''
        : `${presentExcess(problem.kind)} It is kept, and shown as text.`,
    treePath: paths.payloadTree(run.id, name),
    spans,
    hidden: hiddenCharacters > 0 ? formatNumber(hiddenCharacters) : '',
    rawPath: paths.payload(run.id, name),
  }
}
