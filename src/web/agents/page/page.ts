import type { AgentPage } from '../../../orchestrator/agents/page.ts'
import { formatNumber } from '../../format/numbers.ts'
import { hasProgress, presentSoFar } from '../../format/progress.ts'
import { presentMeaning, presentRun } from '../../format/run.ts'
import type { Times } from '../../format/times.ts'
import { presentLastAnswer } from '../../health/last-answer.ts'
import type { LatencyChart } from '../../health/latency-chart.ts'
import { presentHealth } from '../../health/state.ts'
import { paths } from '../../http/paths.ts'
import { presentCosts } from './costs.ts'
import { presentFacts } from './facts.ts'
import { presentIncidents } from './incidents.ts'
import { queryFields } from './query.ts'
import { presentAgentSchema } from './schema.ts'
import { presentTrouble } from './trouble.ts'
import { presentUptime } from './uptime.ts'

const ranges = { '24h': '24 h', '7d': '7 d', '30d': '30 d', '1y': '1 y' } as const

export type ShownAgentPage = ReturnType<typeof presentAgentPage>

/** The region `#agent`. */
export function presentAgentPage(found: AgentPage, chart: LatencyChart, times: Times) {
  const { query, agent, runs, allRuns, schema, lastAnswer } = found
  const { id, name, description, health, pausedAt } = agent
  const asked = queryFields(query)
  const shown = presentHealth(health, times)
  const isPaused = pausedAt !== undefined
  return {
    id,
    name,
    description,
    path: paths.agentPage(id, asked),
    pollSeconds: Math.min(found.checks.intervalMs, found.defaultChecks.intervalMs) / 1000,
    health: { ...shown, lasting: isPaused ? times.lasting(pausedAt) : shown.lasting },
    isPaused,
    /** Then the step that leads on is a check. */
    isDown: health.state === 'down',
    executePath: paths.execute(id),
    checkPath: paths.checkAgent(id),
    editPath: paths.editAgent(id, asked),
    pausePath: isPaused ? paths.resumeAgent(id, asked) : paths.pauseAgent(id, asked),
    removePath: paths.removeAgent(id),
    facts: presentFacts(found, times),
    trouble: presentTrouble(found, times),
    uptime: presentUptime(found.uptime, times),
    chart,
    ranges: (Object.keys(ranges) as (keyof typeof ranges)[]).map((range) => ({
      word: ranges[range],
      path: paths.agentPage(id, queryFields({ ...query, range })),
      isChosen: range === query.range,
    })),
    incidents: presentIncidents(found, times),
    runs: runs.map(({ usual, ...run }) => ({
      ...presentRun(run, times),
      meaning: presentMeaning(run),
      isQuiet: run.status === 'completed' || run.status === 'cancelled',
      progress: hasProgress(run) ? presentSoFar(run.startedAt, times.now, usual) : undefined,
    })),
    costs: presentCosts(found.costs, times),
    allRuns: formatNumber(allRuns),
    runsPath: paths.runs({ agent: id }),
    schema: schema && presentAgentSchema(schema, id),
    answer: lastAnswer && presentLastAnswer(lastAnswer, times),
  }
}
