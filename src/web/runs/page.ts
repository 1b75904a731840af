import type { Health } from '../../orchestrator/health/shown.ts'
import type { SameErrorReader } from '../../orchestrator/history/same-error.ts'
import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import type { UnsentInput } from '../../orchestrator/runs/unsent-inputs.ts'
import { plural } from '../../shared/plural.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { formatNumber } from '../format/numbers.ts'
import { beginningOfId, presentStatus } from '../format/run.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { type AgentDay, presentAgentCard } from './agent-card.ts'
import { presentExchange } from './exchanges.ts'
import { presentFacts } from './facts.ts'
import { presentFailure } from './failure.ts'
import { presentInputs } from './inputs.ts'
import { presentPayloads } from './payload.ts'
import { presentProgress, type Usual } from './progress.ts'
import { isSendable, readableOf } from './readable.ts'
import { presentResult } from './result.ts'
import { presentTabs, type TabName } from './tabs.ts'
import { presentTimeline } from './timeline.ts'

type SameError = Awaited<ReturnType<SameErrorReader>>

export type AroundRun = {
  usual: Usual | undefined
  sameError: SameError
  unsent: UnsentInput[]
  health: Health | undefined
  day: AgentDay | undefined
  /** How many states of nodes there are; undefined while they are not counted. */
  states: number | undefined
}

/** The region `#run`, with the view of `tab` alone. `token` makes "Rerun" count once. */
export function presentRunPage(
  found: FoundRun,
  around: AroundRun,
  { times, token, tab }: { times: Times; token: string; tab: string | undefined },
) {
  const { run, agent } = found
  const isActive = !hasEnded(run.status)
  const tabs = presentTabs(found, around.states, tab)
  const failure = isActive ? undefined : presentFailure(found, around.health, times)
  const actions = presentActions(found, isActive, failure?.primary ?? 'rerun')
  return {
    id: run.id,
    token,
    path: paths.run(run.id),
    pollPath: paths.run(run.id, tab === undefined ? undefined : { tab: tabs.chosen }),
    title: titleOf(found),
    workflow: run.workflow,
    agentName: run.agentId === undefined ? '' : (agent?.name ?? run.agentId),
    agentPath: agent ? paths.agentPage(agent.id) : '',
    shortId: beginningOfId(run.id),
    status: presentRunStatus(run),
    isActive,
    facts: presentFacts(found, around.usual, times),
    ...actions,
    failure: failure && { ...failure, isPrimary: failure.primary === 'check' },
    progress: isActive ? presentProgress(found, around.usual, times) : undefined,
    tabs: tabs.tabs,
    tab: tabs.chosen,
    view: presentView(found, around, tabs.chosen, isActive),
    inputs: tabs.chosen === 'inputs' || tabs.tabs[0]?.name === 'inputs' ? undefined : inputsOf(found, around),
    timeline: presentTimeline(found, times),
    agent: agent && around.health ? presentAgentCard(agent, around.health, around.day, times) : undefined,
    sameError: presentSameError(around.sameError, run.agentId),
  }
}

function titleOf({ run, agent }: Pick<FoundRun, 'run' | 'agent'>): string {
  return run.agentId === undefined ? run.workflow : `${run.workflow} on ${agent?.name ?? run.agentId}`
}

function presentRunStatus({ status, jobId }: FoundRun['run']) {
  const shown = presentStatus(status)
  return status === 'running' && jobId !== null ? { ...shown, word: 'Running in the background' } : shown
}

function presentActions({ run, agent }: FoundRun, isActive: boolean, wanted: 'check' | 'edit' | 'rerun') {
  const canRerun =
    !isActive &&
    !run.isReported &&
    agent !== undefined &&
    run.withheld.length === 0 &&
    run.inputs !== null &&
    isSendable(readableOf(run, 'inputs', run.inputs))
  const editPath = agent && !isActive && !run.isReported ? paths.execute(agent.id, { from: run.id }) : ''
  const primary = wanted === 'rerun' && !canRerun ? 'edit' : wanted
  return {
    comparePath: isActive ? '' : paths.compare({ b: run.id }),
    canCancel: isActive && run.agentId !== undefined && !run.isReported,
    canRerun,
    editPath,
    isRerunPrimary: primary === 'rerun',
    isEditPrimary: primary === 'edit',
  }
}

const inputsOf = (found: FoundRun, { unsent }: AroundRun) => presentInputs(found, unsent)

/** Only what the chosen tab shows; nodes are added by the route. */
function presentView(found: FoundRun, around: AroundRun, tab: TabName, isActive: boolean) {
  const { run } = found
  switch (tab) {
    case 'result':
      return {
        result: isActive ? undefined : presentResult(found),
        downloadPath: paths.payload(run.id, 'outputs'),
        jsonPath: paths.run(run.id, { tab: 'json' }),
      }
    case 'inputs':
      return { inputs: inputsOf(found, around) }
    case 'json':
      return { payloads: presentPayloads(run) }
    case 'exchange':
      return { exchanges: found.exchanges.map(presentExchange), curl: found.sentTo?.curl ?? '' }
    case 'nodes':
      return {}
  }
}

function presentSameError(same: SameError, agentId: string | undefined) {
  if (!same || same.runs < 2) return undefined
  return {
    path: paths.runs(same.query),
    runs: same.isExact ? plural(same.runs, 'run') : `${formatNumber(same.runs)}+ runs`,
    where: `${agentId === undefined ? 'Local runs' : `All on ${agentId}`}, within a day of this one.`,
  }
}
