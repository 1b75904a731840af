import type { DayFigures } from '../../orchestrator/overview/days.ts'
import type { FailureCauses } from '../../orchestrator/overview/failure-causes.ts'
import type { RunOverview } from '../../orchestrator/overview/overview.ts'
import type { SlowAgent } from '../../orchestrator/overview/slow-agents.ts'
import { plural } from '../../shared/plural.ts'
import { formatCost, formatNumber } from '../format/numbers.ts'
import { presentRun, runAsJson } from '../format/run.ts'
import { formatDuration, isoTime, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentHoursChart } from './hours-chart.ts'

export async function presentOverviewRuns(found: RunOverview, times: Times) {
  const { hours, lastDay, newestAt, running, failures, slowest, latestFailures, reading } = found
  const isIdle = hours.every(({ runs }) => runs === 0)
  return {
    facts: factsOf(found),
    reading: reading && `${formatNumber(reading.done)} of ${formatNumber(reading.total)}`,
    hasNone: newestAt === undefined && reading === undefined,
    newest: times.moment(newestAt),
    dayPath: paths.runs(lastDay.query),
    chart: isIdle
      ? undefined
      : await presentHoursChart(
          hours.map((hour) => ({ ...hour, path: paths.runs(hour.query) })),
          times,
        ),
    active: {
      path: paths.runs(running.query),
      runs: running.newest.map((run) => presentRun(run, times)),
      more: formatNumber(running.runs - running.newest.length),
      hasMore: running.runs > running.newest.length,
    },
    causes: presentCauses(failures, times),
    slowest: slowest.map(presentSlow),
    failures: latestFailures.map((run) => ({ ...presentRun(run, times), error: run.error ?? '' })),
  }
}

function factsOf({ running, today, dailyMean }: RunOverview) {
  const mean = (format: (figures: DayFigures) => string) => {
    if (dailyMean === undefined) return 'No earlier day yet'
    return `${dailyMean.days === 7 ? '7-day mean' : dailyMean.days === 1 ? 'Yesterday' : `Mean of ${plural(dailyMean.days, 'day')}`} ${format(dailyMean)}`
  }
  const path = paths.runs(today.query)
  return [
    { value: formatNumber(running.runs), label: 'Runs going on', path: paths.runs(running.query) },
    {
      value: formatNumber(today.runs),
      label: 'Runs today',
      bad: today.failed === 0 ? '' : `${formatNumber(today.failed)} failed`,
      note: mean(({ runs }) => formatNumber(whole(runs))),
      path,
    },
    { value: formatCost(today.cost), label: 'Cost today', note: mean(({ cost }) => formatCost(cost)), path },
    {
      value: formatNumber(today.tokens),
      label: 'Tokens today',
      note: mean(({ tokens }) => formatNumber(whole(tokens))),
      path,
    },
  ]
}

function presentCauses({ time, runs, grouped, causes, more, query }: FailureCauses, times: Times) {
  const notes = [
    ...(time === 'week' ? ['None in the last day.'] : []),
    ...(runs > grouped ? [`The newest ${formatNumber(grouped)} of them by their causes:`] : []),
  ]
  return {
    span: `last ${time}`,
    runs: formatNumber(runs),
    note: notes.join(' '),
    path: paths.runs(query),
    more: more === 0 ? '' : plural(more, 'more cause'),
    list: causes.map(({ name, cause, runs, newest, query }) => ({
      times: formatNumber(runs),
      cause,
      name,
      path: paths.runs(query),
      newest: { path: paths.run(newest.id), started: times.moment(newest.startedAt) },
    })),
  }
}

function presentSlow({ name, agentId, runs, meanSeconds, worst, query }: SlowAgent) {
  return {
    name,
    isLocal: agentId === undefined,
    runs: formatNumber(runs),
    mean: formatDuration(meanSeconds),
    worst: worst && {
      path: paths.run(worst.id),
      duration: `${worst.among === undefined ? '' : '≥ '}${formatDuration(worst.seconds)}`,
      title: worst.among === undefined ? '' : `Among its newest ${formatNumber(worst.among)} runs`,
    },
    path: paths.runs(query),
  }
}

export function overviewRunsAsJson(found: RunOverview) {
  const { hours, running, today, dailyMean, failures, slowest, reading } = found
  return {
    runs: { running: running.runs, today: today.runs, failed_today: today.failed },
    going_on: running.newest.map(runAsJson),
    hours: hours.map(({ from, to, runs, byStatus, query }) => ({
      from: isoTime(from),
      to: isoTime(to),
      runs,
      by_status: Object.fromEntries(byStatus),
      path: paths.runs(query),
    })),
    usage: {
      today: { tokens: today.tokens, cost_usd: today.cost },
      daily_mean: dailyMean
        ? { days: dailyMean.days, runs: dailyMean.runs, tokens: dailyMean.tokens, cost_usd: dailyMean.cost }
        : null,
    },
    failures: {
      within: failures.time,
      runs: failures.runs,
      grouped: failures.grouped,
      causes: failures.causes.map(({ name, agentId, cause, runs, newest, query }) => ({
        cause,
        name,
        agent_id: agentId ?? null,
        runs,
        newest: runAsJson(newest),
        path: paths.runs(query),
      })),
    },
    slowest_agents: slowest.map(({ name, agentId, runs, meanSeconds, worst, query }) => ({
      name,
      agent_id: agentId ?? null,
      runs,
      mean_seconds: meanSeconds,
      worst: worst ? { run_id: worst.id, seconds: worst.seconds, among_newest: worst.among ?? null } : null,
      path: paths.runs(query),
    })),
    latest_failures: found.latestFailures.map((run) => ({ ...runAsJson(run), error_message: run.error })),
    history: reading ? { read: reading.done, total: reading.total } : null,
  }
}

function whole(mean: number | null): number | null {
  return mean === null ? null : mean < 10 ? Math.round(mean * 10) / 10 : Math.round(mean)
}
