import { hourMs } from '../../shared/durations.ts'

const periodHours = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const

export const maxUptimeMs = periodHours['30d'] * hourMs

type HourCount = { at: number; up: number; down: number }

/** 0 to 1, undefined without checks. `since`: the first check; undefined before all periods. */
export type Uptime = { shares: Record<keyof typeof periodHours, number | undefined>; since: number | undefined }

/** Hours come oldest first. The current one counts; the one in which a period begins does not. */
export function uptimeOf(hours: HourCount[], now: number, registeredAt: number): Uptime {
  const share = (length: number) => {
    const recent = hours.filter(({ at }) => at > now - length * hourMs)
    const up = recent.reduce((sum, one) => sum + one.up, 0)
    const all = recent.reduce((sum, one) => sum + one.up + one.down, 0)
    return all === 0 ? undefined : up / all
  }
  const first = hours[0]?.at
  const isAllKnown = first !== undefined && first - hourMs <= now - maxUptimeMs
  return {
    shares: { '24h': share(periodHours['24h']), '7d': share(periodHours['7d']), '30d': share(periodHours['30d']) },
    since: first === undefined || isAllKnown ? undefined : firstCheckWithin(first, registeredAt),
  }
}

function firstCheckWithin(hour: number, registeredAt: number): number {
  return registeredAt > hour && registeredAt < hour + hourMs ? registeredAt : hour
}
