import { hourMs } from '../../shared/durations.ts'

/** The hours that a share of good checks is told for. */
const periods = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const

export const longestUptimeMs = periods['30d'] * hourMs

type Counted = { at: number; up: number; down: number }

/**
 * The shares of good checks, 0 to 1, undefined where there was no check. `since` is when the agent was first checked,
 * undefined when that is longer ago than the longest period.
 */
export type Uptime = { shares: Record<keyof typeof periods, number | undefined>; since: number | undefined }

/** From the sums of each hour, oldest first. The hour that goes on counts; the one that a period begins in does not. */
export function uptimeOf(hours: Counted[], now: number, registeredAt: number): Uptime {
  const share = (length: number) => {
    const recent = hours.filter(({ at }) => at > now - length * hourMs)
    const up = recent.reduce((sum, one) => sum + one.up, 0)
    const all = recent.reduce((sum, one) => sum + one.up + one.down, 0)
    return all === 0 ? undefined : up / all
  }
  const first = hours[0]?.at
  const isAllKnown = first !== undefined && first - hourMs <= now - longestUptimeMs
  return {
    shares: { '24h': share(periods['24h']), '7d': share(periods['7d']), '30d': share(periods['30d']) },
    since: first === undefined || isAllKnown ? undefined : sinceWithin(first, registeredAt),
  }
}

/** Within the first hour, the registration says it more exactly. */
function sinceWithin(hour: number, registeredAt: number): number {
  return registeredAt > hour && registeredAt < hour + hourMs ? registeredAt : hour
}
