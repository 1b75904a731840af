import type { AgentList } from '../../orchestrator/agents/service.ts'
import type { Fleet } from '../../orchestrator/overview/fleet.ts'
import type { RunOverview } from '../../orchestrator/overview/overview.ts'
import { inNumber, plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'
import { presentHour } from '../health/last-hour.ts'
import { presentHealth } from '../health/state.ts'
import { paths } from '../http/paths.ts'
import { elementIdOf } from '../markup/element-id.ts'

type Agent = AgentList['agents'][number]

const flapping = {
  icon: 'degraded',
  tone: 'waiting',
  word: 'Flapping',
  reason: 'Its state has changed five times or more within 10 minutes',
}

export function presentFleet(fleet: Fleet<Agent>, failedSince: RunOverview['failedSince'], times: Times) {
  const { troubled, moreTroubled, others, more } = fleet
  return {
    troubled: troubled.map((agent) => presentTrouble(agent, failedSince.get(agent.id), times)),
    moreTroubled: moreTroubled === 0 ? '' : `${formatNumber(moreTroubled)} more need attention`,
    others: others.map((agent) => presentOther(agent, times)),
    more: troubled.length + others.length > 0 ? moreOf(more) : allOf(more),
  }
}

type Failed = { runs: number; isMore: boolean; query: string }

function presentTrouble({ id, name, health, pausedAt }: Agent, failed: Failed | undefined, times: Times) {
  const shown = presentHealth(health, times)
  const state = ['down', 'expired', 'degraded'].includes(health.state) ? shown : { ...shown, ...flapping }
  return {
    ...ofAgent(id, name),
    state,
    since: times.lasting(health.since),
    reason: state.reason,
    failed: failed && failed.runs > 0 ? { text: failedText(failed), path: paths.runs(failed.query) } : undefined,
    hour: presentHour(health.lastHour),
    canCheck: pausedAt === undefined,
    checkPath: paths.checkAgent(id),
  }
}

const failedText = ({ runs, isMore }: Failed) =>
  isMore ? `${formatNumber(runs)}+ runs failed` : `${plural(runs, 'run')} failed`

function presentOther({ id, name, health }: Agent, times: Times) {
  const state = presentHealth(health, times)
  const isWell = health.state === 'healthy' || health.state === 'busy'
  return {
    ...ofAgent(id, name),
    state,
    now: health.runs > 0 ? `${formatNumber(health.runs)} running` : isWell && !state.detail ? '' : state.word,
    isRunning: health.runs > 0,
    hour: presentHour(health.lastHour),
  }
}

function ofAgent(id: string, name: string) {
  return { name, path: paths.agentPage(id), elementId: elementIdOf(id) }
}

/** Where none stands above it. */
function allOf({ well, checking, paused }: Fleet<Agent>['more']): string {
  const all = well + checking + paused
  return all === 0 ? '' : `See all ${plural(all, 'agent')}`
}

/** `28 more are healthy, 2 are paused`. */
function moreOf({ well, checking, paused }: Fleet<Agent>['more']): string {
  const some = [
    { agents: well, is: 'healthy' },
    { agents: checking, is: 'being checked' },
    { agents: paused, is: 'paused' },
  ].filter(({ agents }) => agents > 0)
  return some
    .map(
      ({ agents, is }, index) =>
        `${formatNumber(agents)}${index === 0 ? ' more' : ''} ${inNumber(agents, 'is', 'are')} ${is}`,
    )
    .join(', ')
}
