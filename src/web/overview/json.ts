import type { AgentList } from '../../orchestrator/agents/service.ts'
import type { Overview, RunOverview } from '../../orchestrator/overview/overview.ts'
import { agentsAsJson } from '../agents/list.ts'
import { runAsJson } from '../format/run.ts'
import { isoTime } from '../format/times.ts'
import { paths } from '../http/paths.ts'

export function overviewAsJson({ list, fleet, runs }: Overview<AgentList>) {
  const { counts } = fleet
  return {
    agents: {
      registered: list.agents.length,
      healthy: counts.well,
      degraded: counts.degraded,
      down: counts.down,
      list: agentsAsJson(list).agents,
    },
    last_24_hours: lastDayAsJson(runs),
    running: { runs: runs.running.runs, newest: runs.running.newest.map(runAsJson) },
    latest: runs.latest.map((run) => ({ ...runAsJson(run), error_message: run.error })),
    errors: errorsAsJson(runs.errors),
    cost: costAsJson(runs.costs),
    history: runs.reading ? { read: runs.reading.done, total: runs.reading.total } : null,
  }
}

function lastDayAsJson({ lastDay, errors }: RunOverview) {
  return {
    runs: lastDay.runs,
    failed: errors.runs,
    p50_seconds: lastDay.p50 ?? null,
    p95_seconds: lastDay.p95 ?? null,
    path: paths.runs(lastDay.query),
    hours: lastDay.hours.map(({ from, to, runs, byStatus, query }) => ({
      from: isoTime(from),
      to: isoTime(to),
      runs,
      by_status: Object.fromEntries(byStatus),
      path: paths.runs(query),
    })),
  }
}

function errorsAsJson({ runs, grouped, list, query }: RunOverview['errors']) {
  return {
    runs,
    grouped,
    path: paths.runs(query),
    list: list.map(({ cause, runs, hours, latestAt, agents, query }) => ({
      cause,
      runs,
      hours,
      latest_at: isoTime(latestAt),
      agents: agents.map(({ name, agentId, runs }) => ({ name, agent_id: agentId ?? null, runs })),
      path: paths.runs(query),
    })),
  }
}

/** In dollars; days and weeks begin where the reader is. */
function costAsJson({ cost, lastWeek, days, agents, others, query }: RunOverview['costs']) {
  return {
    this_week: cost,
    last_week_until_now: lastWeek,
    path: paths.runs(query),
    days: days.map(({ from, to, cost, lastWeek, query }) => ({
      from: isoTime(from),
      to: isoTime(to),
      cost,
      a_week_before: lastWeek,
      path: paths.runs(query),
    })),
    agents: agents.map(({ name, agentId, cost, lastWeek }) => ({
      name,
      agent_id: agentId ?? null,
      cost,
      last_week_until_now: lastWeek,
    })),
    others: others ? { agents: others.agents, cost: others.cost, last_week_until_now: others.lastWeek } : null,
  }
}
