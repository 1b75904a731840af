import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import type { Rollup } from '../../../store/ports/health.ts'
import type { TimeRange } from '../../../store/ports/run-figures.ts'
import type { Downtimes } from './incidents.ts'

const periodHours = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const
const shownDays = 90

/** How long hours are known, and how many days are shown. */
export const knownHoursMs = periodHours['30d'] * hourMs
export const uptimeDays = shownDays

type Count = Pick<Rollup, 'at' | 'up' | 'degraded' | 'down'>
type Record = { hours: Count[]; days: Count[]; downtimes: Downtimes }

/** `share`: of good checks, 0 to 1, undefined without checks. `downMs`: of the incidents that are known. */
export type UptimeDay = TimeRange & {
  state: 'none' | 'good' | 'degraded' | 'down'
  share: number | undefined
  downMs: number
}

export type Uptime = {
  shares: { [period in keyof typeof periodHours | '90d']: number | undefined }
  /** The first check of all, as far as is known: undefined when it is longer ago than all of these. */
  since: number | undefined
  /** Checks before this are known by whole days of UTC. */
  hoursSince: number
  /** The last 90, oldest first, each with its worst state. */
  days: UptimeDay[]
  incidentsSince: number | undefined
}

/** Hours and days come oldest first. The current hour counts; the one in which a period begins does not. `ranges`, the
 * days to show, are of any zone, and therefore counted by the hour as long as hours are known. */
export function uptimeOf(record: Record, ranges: TimeRange[], now: number, registeredAt: number): Uptime {
  const { hours } = record
  const share = (length: number) => shareOf(hours.filter(({ at }) => at > now - length * hourMs))
  const first = firstOf(record)
  const counts = countsOf(record)
  const from = ranges[0]?.from ?? now
  return {
    shares: {
      '24h': share(periodHours['24h']),
      '7d': share(periodHours['7d']),
      '30d': share(periodHours['30d']),
      '90d': shareOf(counts.filter(({ at }) => at >= from)),
    },
    since: first === undefined || first < from ? undefined : firstCheckWithin(first, registeredAt),
    hoursSince: now - knownHoursMs,
    days: ranges.map((range) => dayOf(range, counts, record.downtimes, now)),
    incidentsSince: record.downtimes.since,
  }
}

/** By the hour as long as these are known, before that by the day of UTC, which counts where its middle is. */
function countsOf(record: Record): Count[] {
  return [...earlierDays(record).map(({ endsAt, ...day }) => ({ ...day, at: (day.at + endsAt) / 2 })), ...record.hours]
}

/** The days of UTC before the known hours, and what these leave of the day in which they begin. */
function earlierDays({ hours, days }: Record): (Count & { endsAt: number })[] {
  const firstHour = hours[0]?.at ?? Number.POSITIVE_INFINITY
  const whole = days.filter(({ at }) => at + dayMs <= firstHour).map((day) => ({ ...day, endsAt: day.at + dayMs }))
  const cut = days.find(({ at }) => at < firstHour && firstHour < at + dayMs)
  if (!cut) return whole
  const known = hours.filter(({ at }) => at < cut.at + dayMs)
  const left = (name: 'up' | 'degraded' | 'down') => cut[name] - sumOf(known, name)
  const rest = { at: cut.at, endsAt: firstHour, up: left('up'), degraded: left('degraded'), down: left('down') }
  return rest.up + rest.down > 0 ? [...whole, rest] : whole
}

function sumOf(counts: Count[], name: 'up' | 'degraded' | 'down'): number {
  return counts.reduce((sum, one) => sum + one[name], 0)
}

const firstOf = (record: Record): number | undefined => (earlierDays(record)[0] ?? record.hours[0])?.at

function dayOf({ from, to }: TimeRange, counts: Count[], { latest, since = 0 }: Downtimes, now: number): UptimeDay {
  const within = counts.filter(({ at }) => at >= from && at < to)
  const sum = (name: 'up' | 'degraded' | 'down') => sumOf(within, name)
  const overlaps = latest.map(({ startedAt, endedAt = now }) => Math.min(to, endedAt) - Math.max(from, startedAt))
  const downMs = overlaps.reduce((all, ms) => all + Math.max(0, ms), 0)
  // Where incidents are not known, a failed check may have been one.
  const mayBeDown = sum('down') > 0 && (sum('up') === 0 || from < since)
  const wasDown = overlaps.some((ms) => ms >= 0) || mayBeDown
  const state = wasDown ? 'down' : sum('degraded') > 0 ? 'degraded' : sum('up') > 0 ? 'good' : 'none'
  return { from, to, state, share: shareOf(within), downMs }
}

function shareOf(counts: Count[]): number | undefined {
  const up = sumOf(counts, 'up')
  const all = up + sumOf(counts, 'down')
  return all === 0 ? undefined : up / all
}

function firstCheckWithin(hour: number, registeredAt: number): number {
  return registeredAt > hour && registeredAt < hour + hourMs ? registeredAt : hour
}
