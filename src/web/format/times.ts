import { daySeconds as day, dayMs, hourSeconds as hour } from '../../shared/durations.ts'
import { isKnown, unknown } from './numbers.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const minute = 60

/** `0.3s`, `41.0s`, `5m 2s`, `2h 5m`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isKnown(seconds) || seconds < 0) return unknown
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

/** `38 ms`, `1.6 s`. */
export function formatLatency(ms: number | null | undefined): string {
  if (!isKnown(ms)) return unknown
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** `22 Nov 2026, 16:42:07 UTC`. */
export function formatMoment(at: number): string {
  const date = new Date(at)
  return `${formatDay(at)}, ${date.toISOString().slice(11, 19)} UTC`
}

function formatDay(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** `22 Nov`. */
export function formatDate(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`
}

/** `16:42`. */
export function formatClock(at: number): string {
  return new Date(at).toISOString().slice(11, 16)
}

export type Moment = { iso: string; exact: string; relative: string }

/** After a month, the day. */
export function presentMoment(at: number | null | undefined, now: number): Moment | undefined {
  if (!isKnown(at)) return undefined
  const isLongAgo = now - at > 30 * dayMs
  return {
    iso: new Date(at).toISOString(),
    exact: formatMoment(at),
    relative: isLongAgo ? formatDay(at) : now - at < 1000 ? 'now' : `${formatAge(now - at)} ago`,
  }
}

/** `12m`, as `<time data-lasting>`, which the browser keeps current. */
export function presentLasting(since: number, now: number): Moment {
  return {
    iso: new Date(since).toISOString(),
    exact: `Since ${formatMoment(since)}`,
    relative: formatAge(now - since),
  }
}

export function isoTime(at: number | null | undefined): string | null {
  return isKnown(at) ? new Date(at).toISOString() : null
}
