import type { AgentBoard } from '../../../orchestrator/agents/service.ts'
import { presentAsked, presentRefusedCertificate } from '../../format/asked.ts'
import { formatCost, formatNumber, formatPercent, formatShare, unknown } from '../../format/numbers.ts'
import { formatDuration, formatLatency, type Times } from '../../format/times.ts'
import { presentHour } from '../../health/last-hour.ts'
import { presentSpark } from '../../health/latency-spark.ts'
import { presentHealth } from '../../health/state.ts'
import { paths } from '../../http/paths.ts'
import { cutEnd, cutMiddle } from '../../markup/cut.ts'
import { elementIdOf } from '../../markup/element-id.ts'
import { lastSeenAt } from '../list.ts'

type BoardAgent = AgentBoard['groups'][number]['shown'][number]

/** Below it, it needs a look. */
const usualSuccess = 0.9
/** A row has two short lines: the whole of it is on the agent's page. */
const longest = { name: 100, label: 40, url: 40, reason: 100 }
const lasting = new Set(['down', 'degraded', 'paused', 'expired'])

export function presentRow(agent: BoardAgent, days: AgentBoard['days'], times: Times) {
  const { id, name, url, health } = agent
  const { icon, tone, word, detail } = presentHealth(health, times)
  return {
    id,
    name: cutMiddle(name, longest.name),
    label: cutMiddle(name, longest.label),
    url,
    shownUrl: cutEnd(url.replace(/^https?:\/\//, ''), longest.url),
    elementId: elementIdOf(id),
    state: {
      icon,
      tone,
      word: health.state === 'busy' ? word : [word, detail].filter(Boolean).join(' '),
      lasting: lasting.has(health.state) ? times.lasting(health.since) : undefined,
    },
    asked: presentAsked(id, health.reason ?? ''),
    note: noteOf(agent, times),
    hour: presentHour(health.lastHour),
    uptime: formatShare(health.uptime),
    spark: presentSpark(health.latencies),
    latency: formatLatency(health.latencyMs),
    ...presentDay(days.get(id)),
    lastSeen: presentLastSeen(lastSeenAt(agent), times),
    path: paths.agentPage(id),
    executePath: paths.execute(id),
    removePath: paths.removeAgent(id),
  }
}

/** The second line of the state: why, or what it does. */
function noteOf({ id, health }: BoardAgent, times: Times) {
  const isFlapping = health.isFlapping
  const reason = cutEnd(presentHealth(health, times).reason ?? '', longest.reason)
  const note = (tone: string, text: string, title = text) => ({ tone, text, title })
  if (isFlapping) return note(' tone waiting', ['Flapping', reason].filter(Boolean).join(': '))
  if (reason) return note('', presentRefusedCertificate(id, health.reason ?? '')?.word ?? reason, reason)
  return health.runs > 0 ? note(' tone working', `${formatNumber(health.runs)} running`) : undefined
}

function presentDay(day: ReturnType<AgentBoard['days']['get']>) {
  const { runs = 0, success, p50Seconds, costUsd } = day ?? {}
  return {
    runs: runs === 0 ? unknown : formatNumber(runs),
    success: formatPercent(success),
    isPoor: success !== undefined && success < usualSuccess,
    p50: formatDuration(p50Seconds),
    cost: formatCost(costUsd),
  }
}

/** An age, however long it is: the column has no room for a day and a time. */
function presentLastSeen(at: number | undefined, times: Times) {
  return at === undefined ? undefined : { ...times.lasting(at), exact: times.exact(at) }
}
