import type { AgentPage } from '../../../orchestrator/agents/page.ts'
import { plural } from '../../../shared/plural.ts'
import { formatNumber } from '../../format/numbers.ts'
import type { Times } from '../../format/times.ts'
import { paths } from '../../http/paths.ts'
import { lastSeenAt } from '../list.ts'

export function presentFacts({ agent, checks, lastAnswer }: AgentPage, times: Times) {
  const { id, url, health, isSelfRegistered, registeredAt, lastHeartbeatAt, ttlSeconds } = agent
  const hasOwnChecks = agent.checkIntervalSeconds !== undefined || agent.checkTimeoutSeconds !== undefined
  return {
    url,
    seen: times.moment(lastSeenAt(agent)),
    interval: formatSeconds(checks.intervalMs),
    timeout: formatSeconds(checks.timeoutMs),
    hasOwnChecks,
    running: health.runs === 0 ? '' : plural(health.runs, 'run'),
    runningPath: paths.runs({ agent: id, status: 'running' }),
    isSelfRegistered,
    registered: times.moment(registeredAt),
    ttlSeconds,
    lastBeat: times.moment(lastHeartbeatAt),
    checked: times.moment(health.checks.at(-1)?.at ?? lastAnswer?.at),
  }
}

function formatSeconds(ms: number): string {
  return `${formatNumber(ms / 1000)} s`
}
