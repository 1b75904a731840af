import type { AgentPage } from '../../../orchestrator/agents/page.ts'
import type { Incident } from '../../../orchestrator/health/incidents.ts'
import { dayMs } from '../../../shared/durations.ts'
import { formatNumber, formatShare } from '../../format/numbers.ts'
import { presentReason } from '../../format/reason.ts'
import { presentRun, presentStatus } from '../../format/run.ts'
import { formatLatency, formatLongDuration, type Times } from '../../format/times.ts'
import { presentLastAnswer } from '../../health/last-answer.ts'
import { presentHour } from '../../health/last-hour.ts'
import type { LatencyChart } from '../../health/latency-chart.ts'
import { presentHealth } from '../../health/state.ts'
import { paths } from '../../http/paths.ts'
import { lastSeenAt } from '../list.ts'
import { maxIncidents, queryFields } from './query.ts'
import { presentAgentSchema } from './schema.ts'

const ranges = ['24h', '7d', '30d', '1y'] as const
const moreIncidents = 20
const periods = [
  { name: '24h', words: '24 hours', ms: dayMs },
  { name: '7d', words: '7 days', ms: 7 * dayMs },
  { name: '30d', words: '30 days', ms: 30 * dayMs },
] as const

/** The region `#agent`. `tags` is what polling sends back. */
export function presentAgentPage(
  found: AgentPage,
  chart: LatencyChart,
  times: Times,
  tags: { all: string; states: string },
) {
  const { query, agent, incidents, hasMoreIncidents, runs, allRuns, schema, lastAnswer } = found
  const { id, name, health, pausedAt } = agent
  const asked = queryFields(query)
  const shown = presentHealth(health, times)
  const isPaused = pausedAt !== undefined
  return {
    tags,
    id,
    name,
    path: paths.agentPage(id, asked),
    pollSeconds: Math.min(found.checks.intervalMs, found.defaultChecks.intervalMs) / 1000,
    health: { ...shown, lasting: isPaused ? times.lasting(pausedAt) : shown.lasting },
    isPaused,
    executePath: paths.execute(id),
    checkPath: paths.checkAgent(id),
    editPath: paths.editAgent(id, asked),
    pausePath: isPaused ? paths.resumeAgent(id, asked) : paths.pauseAgent(id, asked),
    removePath: paths.removeAgent(id),
    uptime: presentUptime(found, times),
    hour: presentHour(health.lastHour),
    latency: formatLatency(health.latencyMs),
    details: presentDetails(found, times),
    chart,
    ranges: ranges.map((range) => ({
      word: range,
      path: paths.agentPage(id, queryFields({ ...query, range })),
      isChosen: range === query.range,
    })),
    incidents: incidents.map((incident) => presentIncident(incident, times)),
    moreIncidentsPath:
      hasMoreIncidents && query.incidents < maxIncidents
        ? paths.agentPage(
            id,
            queryFields({ ...query, incidents: Math.min(maxIncidents, query.incidents + moreIncidents) }),
          )
        : '',
    runs: runs.map((run) => presentRun(run, times)),
    allRuns: formatNumber(allRuns),
    runsPath: paths.runs({ agent: id }),
    schema: schema && presentAgentSchema(schema, id),
    answer: lastAnswer && presentLastAnswer(lastAnswer, times),
  }
}

function presentUptime({ uptime: { shares, since } }: AgentPage, times: Times) {
  return periods.map(({ name, words, ms }) => ({
    words,
    share: formatShare(shares[name]),
    since: since !== undefined && since > times.now - ms ? times.moment(since) : undefined,
  }))
}

function presentDetails({ agent, checks, lastAnswer }: AgentPage, times: Times) {
  const { url, description, isSelfRegistered, registeredAt, lastHeartbeatAt, ttlSeconds, health } = agent
  const hasOwnChecks = agent.checkIntervalSeconds !== undefined || agent.checkTimeoutSeconds !== undefined
  return {
    url,
    description,
    isSelfRegistered,
    registered: times.moment(registeredAt),
    ttlSeconds,
    lastBeat: times.moment(lastHeartbeatAt),
    interval: formatSeconds(checks.intervalMs),
    timeout: formatSeconds(checks.timeoutMs),
    hasOwnChecks,
    checked: times.moment(health.checks.at(-1)?.at ?? lastAnswer?.at),
    seen: times.moment(lastSeenAt(agent)),
  }
}

function presentIncident({ startedAt, endedAt, reason, runs, allRuns }: Incident, times: Times) {
  return {
    from: { text: `${times.date(startedAt)}, ${times.clockSeconds(startedAt)}`, exact: times.exact(startedAt) },
    to: endedAt === undefined ? undefined : presentEnd(startedAt, endedAt, times),
    lasting: endedAt === undefined ? times.lasting(startedAt) : undefined,
    lasted: endedAt === undefined ? '' : formatLongDuration(endedAt - startedAt),
    reason: presentReason(reason),
    runs: runs.map(({ id, status, startedAt: began }) => ({
      path: paths.run(id),
      shortId: `…${id.slice(-6)}`,
      status: presentStatus(status),
      title: `${presentStatus(status).word}, started ${Number.isFinite(began) ? times.exact(began) : 'at an unknown time'}`,
    })),
    moreRuns: allRuns - runs.length,
  }
}

function presentEnd(startedAt: number, endedAt: number, times: Times) {
  const day = times.date(endedAt)
  const text = day === times.date(startedAt) ? times.clockSeconds(endedAt) : `${day}, ${times.clockSeconds(endedAt)}`
  return { text, exact: times.exact(endedAt) }
}

function formatSeconds(ms: number): string {
  return `${formatNumber(ms / 1000)} s`
}
