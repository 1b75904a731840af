import { daySeconds as day, dayMs, hourSeconds as hour } from '../../shared/time/durations.ts'
import { utc, type Zone } from '../../shared/time/zone.ts'
import { isKnown, unknown } from './numbers.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const minute = 60

/** `20 ms`, `0.3s`, `41.0s`, `5m 2s`, `2h 5m`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isKnown(seconds) || seconds < 0) return unknown
  if (seconds < 0.095) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < hour) return `${Math.floor(whole / minute)}m ${whole % minute}s`
  return `${Math.floor(whole / hour)}h ${Math.floor((whole % hour) / minute)}m`
}

/** `4s`, `12m`, `3h`, `2d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < minute) return `${seconds}s`
  if (seconds < hour) return `${Math.floor(seconds / minute)}m`
  return seconds < day ? `${Math.floor(seconds / hour)}h` : `${Math.floor(seconds / day)}d`
}

/** `41s`, `5m 2s`, `2h 5m`, `3d 4h`. */
export function formatLongDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < minute) return `${seconds}s`
  if (seconds < day) return formatDuration(seconds)
  return `${Math.floor(seconds / day)}d ${Math.floor((seconds % day) / hour)}h`
}

/** `38 ms`, `1.6s`. */
export function formatLatency(ms: number | null | undefined): string {
  if (!isKnown(ms)) return unknown
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)}s`
}

export type Moment = { iso: string; exact: string; relative: string }

/** How times are said to one reader: in a zone, at a moment. Titles name UTC, too. */
export type Times = ReturnType<typeof createTimes>

export function createTimes(zone: Zone, now: number) {
  const local = (at: number) => new Date(zone.local(at))
  const date = (at: number) => `${local(at).getUTCDate()} ${months[local(at).getUTCMonth()]}`
  const year = (at: number) => local(at).getUTCFullYear()
  /** `22 Nov`, or `22 Nov 2025` in another year. */
  const day = (at: number) => (year(at) === year(now) ? date(at) : `${date(at)} ${year(at)}`)
  const clock = (at: number) => local(at).toISOString().slice(11, 16)
  const clockSeconds = (at: number) => local(at).toISOString().slice(11, 19)
  /** `22 Nov 2026, 16:42:07`. */
  const second = (at: number) => `${date(at)} ${year(at)}, ${clockSeconds(at)}`

  /** `22 Nov 2026, 17:42:07 (16:42:07 UTC)`, for titles. */
  function exact(at: number): string {
    if (zone === utc) return `${second(at)} UTC`
    const inUtc = createTimes(utc, now)
    const isSameDay = inUtc.date(at) === date(at)
    return `${second(at)} (${isSameDay ? inUtc.clockSeconds(at) : inUtc.second(at)} UTC)`
  }

  /** `4m ago`, `Yesterday, 14:25`, `14 Nov, 09:10`, `14 Nov 2025`; public/js/times.js keeps it current. */
  function relative(at: number): string {
    if (now - at < 1000) return 'now'
    if (now - at < dayMs) return `${formatAge(now - at)} ago`
    if (at >= zone.startOfDay(now, -1)) return `Yesterday, ${clock(at)}`
    return year(at) === year(now) ? `${date(at)}, ${clock(at)}` : day(at)
  }

  return {
    now,
    zone,
    date,
    day,
    clock,
    clockSeconds,
    second,
    exact,
    /** `Sat 21 Nov`, or `Sat 21 Nov 2025` in another year. */
    weekday: (at: number) => `${weekdays[local(at).getUTCDay()]} ${day(at)}`,
    year,

    moment(at: number | null | undefined): Moment | undefined {
      if (!isKnown(at)) return undefined
      return { iso: new Date(at).toISOString(), exact: exact(at), relative: relative(at) }
    },

    /** `12m`, as `<time data-lasting>`, which the browser keeps current. */
    lasting: (since: number): Moment => ({
      iso: new Date(since).toISOString(),
      exact: `Since ${exact(since)}`,
      relative: formatAge(now - since),
    }),
  }
}

export function isoTime(at: number | null | undefined): string | null {
  return isKnown(at) ? new Date(at).toISOString() : null
}
