import type { AgentPage } from '../../../orchestrator/agents/page.ts'
import type { LatencyPoint } from '../../../orchestrator/health/records/latency.ts'
import { isJson, withoutNaN } from '../../../shared/json.ts'
import { runAsJson } from '../../format/run.ts'
import { isoTime } from '../../format/times.ts'
import { lastAnswerAsJson } from '../../health/last-answer.ts'
import { paths } from '../../http/paths.ts'
import { agentAsJson } from '../list.ts'

/** The schema is the agent's own text, so that no number changes digits. */
export function agentPageAsJson(found: AgentPage): string {
  const { agent, checks, uptime, latency, incidents, hasMoreIncidents, runs, allRuns, schema, lastAnswer } = found
  const { points, pointMs, from, to, range, all } = latency
  const rest = {
    ...agentAsJson(agent),
    last_heartbeat: isoTime(agent.lastHeartbeatAt),
    paused_at: isoTime(agent.pausedAt),
    check_interval_seconds: checks.intervalMs / 1000,
    check_timeout_seconds: checks.timeoutMs / 1000,
    uptime: { ...nullsOf(uptime.shares), watched_since: isoTime(uptime.since) },
    latency: {
      range,
      from: isoTime(from),
      to: isoTime(to),
      point_seconds: pointMs / 1000,
      ...latencyAsJson(all),
      points: points.map((point) => ({ at: isoTime(point.at), ...latencyAsJson(point) })),
    },
    incidents: incidents.map(({ startedAt, endedAt, reason, runs: hit, allRuns: allHit }) => ({
      started_at: isoTime(startedAt),
      ended_at: isoTime(endedAt),
      duration_seconds: endedAt === undefined ? null : (endedAt - startedAt) / 1000,
      reason,
      runs: hit.map(({ id, status, startedAt: began }) => ({
        run_id: id,
        status,
        started_at: isoTime(began),
        path: paths.run(id),
      })),
      runs_total: allHit,
    })),
    has_more_incidents: hasMoreIncidents,
    latest_runs: runs.map(runAsJson),
    runs_total: allRuns,
    last_check: lastAnswer ? lastAnswerAsJson(lastAnswer) : null,
  }
  return `${JSON.stringify(rest).slice(0, -1)},"schema":${schemaAsJson(schema?.text)}}`
}

function latencyAsJson({ up, down, average, fastest, slowest }: Omit<LatencyPoint, 'at'>) {
  return { up, down, average_ms: average ?? null, fastest_ms: fastest ?? null, slowest_ms: slowest ?? null }
}

function nullsOf(shares: AgentPage['uptime']['shares']) {
  return Object.fromEntries(Object.entries(shares).map(([period, share]) => [period, share ?? null]))
}

function schemaAsJson(text: string | undefined): string {
  return text !== undefined && isJson(text) ? withoutNaN(text) : 'null'
}
