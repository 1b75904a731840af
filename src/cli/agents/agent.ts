import type { Tone } from '../terminal/print.ts'

export type Agent = {
  agent_id: string
  agent_name: string
  agent_url: string
  description: string
  status: string
  reason: string | null
  credential_url: string | null
  since: string | null
  misses: number
  is_flapping: boolean
  runs: number
  uptime_24h: number | null
  latency_ms: number | null
  last_seen: string | null
  registered_by: 'self' | 'hand'
  registered_at: string | null
}

export type ListedAgent = Agent & {
  last_24_hours?: {
    runs: number
    failed: number
    success: number | null
    p50_seconds: number | null
    cost_usd: number | null
  }
}

export type AgentList = { checked_at: string | null; may_be_offline: boolean; agents: ListedAgent[] }

const tones: Record<string, Tone> = {
  healthy: 'good',
  busy: 'working',
  degraded: 'waiting',
  checking: 'waiting',
  down: 'bad',
  expired: 'bad',
  paused: 'idle',
}

/** In the words of the pages: a failed check or two are no outage yet. */
function wordOf({ status, misses }: Agent): string {
  const isChecking = status === 'unknown' || (misses > 0 && (status === 'healthy' || status === 'degraded'))
  return isChecking ? 'checking' : status
}

export function summaryOf(agents: Agent[]): string {
  const counts = Object.keys(tones).map((word) => [agents.filter((one) => wordOf(one) === word).length, word] as const)
  return counts.flatMap(([count, word]) => (count > 0 ? `${count} ${word}` : [])).join(', ')
}

export function stateOf(agent: Agent): { text: string; tone: Tone | undefined } {
  const { misses, runs, is_flapping } = agent
  const word = wordOf(agent)
  const detail = word === 'checking' && misses > 0 ? ` ${misses}/3` : word === 'busy' && runs > 0 ? ` (${runs})` : ''
  return { text: `${word}${detail}${is_flapping ? ', flapping' : ''}`, tone: tones[word] }
}

/** Its last check was good; a paused agent is not checked, and can be run. */
export function isAvailable({ status, misses }: Agent): boolean {
  return misses === 0 && ['healthy', 'degraded', 'busy', 'paused'].includes(status)
}
