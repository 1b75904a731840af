/** What is shown where nothing is known. */
export const unknown = '–'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** `0.3s`, `41.0s`, `5m 2s`, `2h 5m`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isKnown(seconds) || seconds < 0) return unknown
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < hour) return `${Math.floor(whole / minute)}m ${whole % minute}s`
  return `${Math.floor(whole / hour)}h ${Math.floor((whole % hour) / minute)}m`
}

/** `4s`, `12m`, `3h`, `2d`: one unit is enough to say how long something has lasted. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < minute) return `${seconds}s`
  if (seconds < hour) return `${Math.floor(seconds / minute)}m`
  return seconds < day ? `${Math.floor(seconds / hour)}h` : `${Math.floor(seconds / day)}d`
}

export function formatNumber(value: number | null | undefined): string {
  return isKnown(value) ? value.toLocaleString('en-US') : unknown
}

/** Small amounts keep four decimals: most runs cost less than a cent. */
export function formatCost(usd: number | null | undefined): string {
  if (!isKnown(usd)) return unknown
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 1 ? 4 : 2)}`
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

/** A moment as the template `shared/_time` prints it; undefined where the moment is not known. */
export type Moment = { iso: string; exact: string; relative: string }

/** How long ago something was, with the exact time beside it; after a month, the day. */
export function presentMoment(at: number | null | undefined, now: number): Moment | undefined {
  if (!isKnown(at)) return undefined
  const isLongAgo = now - at > 30 * day * 1000
  return {
    iso: new Date(at).toISOString(),
    exact: formatMoment(at),
    relative: isLongAgo ? formatDay(at) : now - at < 1000 ? 'now' : `${formatAge(now - at)} ago`,
  }
}

/** A moment in our JSON, or null. */
export function isoTime(at: number | null | undefined): string | null {
  return isKnown(at) ? new Date(at).toISOString() : null
}

function isKnown(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
