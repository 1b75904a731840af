import type { DemoAgent } from '../fleet/agents.ts'
import type { Random } from '../random.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const refused = 'connection refused'

/** Short ones of the last day: how long ago they began and how long they were, in minutes. */
const recent: Record<string, [number, number][]> = {
  'article-writer': [[31, 1.5]],
  'data-cleaner': [[540, 9]],
  'research-agent': [[870, 12.5]],
  'support-triage': [[310, 4]],
}

type Outage = { startedAt: number; endedAt: number | null; reason: string }

/** Times when an agent was down: now and then for some minutes, and since a while where it is down now. */
export function outagesOf({ condition, id }: DemoAgent, begun: number, until: number, random: Random): Outage[] {
  const isDown = condition.kind === 'gone' || condition.kind === 'ill'
  const isPaused = condition.kind === 'paused'
  const end = isDown || isPaused ? until - condition.forMs : until
  const outages: Outage[] = []
  for (let at = begun + random.between(1, 9) * dayMs; at < end - dayMs / 3; at += random.between(1, 14) * dayMs) {
    const reason = random.chance(0.6) ? refused : 'no answer within 3 s'
    const startedAt = Math.round(at)
    outages.push({ startedAt, endedAt: Math.round(startedAt + random.between(2, 42) * minuteMs), reason })
  }
  for (const [agoMinutes, minutes] of recent[id] ?? []) {
    const startedAt = until - agoMinutes * minuteMs
    outages.push({ startedAt, endedAt: startedAt + minutes * minuteMs, reason: refused })
  }
  if (isDown) outages.push({ startedAt: Math.round(end), endedAt: null, reason: downReason(condition) })
  return outages
}

function downReason(condition: DemoAgent['condition']): string {
  return condition.kind === 'ill' ? `HTTP 503: ${condition.reason}` : refused
}
