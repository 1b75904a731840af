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

/** `41s`, `5m 2s`, `2h 5m`, `3d 4h`: how long something took that may take days. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < minute) return `${seconds}s`
  if (seconds < day) return formatDuration(seconds)
  return `${Math.floor(seconds / day)}d ${Math.floor((seconds % day) / hour)}h`
}

export function formatNumber(value: number | null | undefined): string {
  return isKnown(value) ? value.toLocaleString('en-US') : unknown
}

/** Small amounts keep four decimals: most runs cost less than a cent. */
export function formatCost(usd: number | null | undefined): string {
  if (!isKnown(usd)) return unknown
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 1 ? 4 : 2)}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** `812 B`, `1.2 kB`, `5.0 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isKnown(bytes)) return unknown
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${byteUnits[power]}`
}

/** `38 ms`, `1.6 s`: how long one answer took. */
export function formatLatency(ms: number | null | undefined): string {
  if (!isKnown(ms)) return unknown
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** `99.98%`. What is not whole never reads as 100%, and what is not nothing never as 0%. */
export function formatShare(share: number | null | undefined): string {
  if (!isKnown(share)) return unknown
  if (share === 0 || share === 1) return `${share * 100}%`
  return `${Math.min(99.99, Math.max(0.01, share * 100)).toFixed(2)}%`
}

/** A phrase as it stands by itself. */
export function presentReason(reason: string | null | undefined): string {
  const [first = '', ...rest] = reason ?? ''
  return first.toUpperCase() + rest.join('')
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

/** `22 Nov`, without the year: on an axis, where the days around it say which. */
export function formatDate(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`
}

/** `16:42`. */
export function formatClock(at: number): string {
  return new Date(at).toISOString().slice(11, 16)
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

/** For how long something has lasted, `12m`, printed as `<time data-lasting>`: it goes on in the browser. */
export function presentLasting(since: number, now: number): Moment {
  return {
    iso: new Date(since).toISOString(),
    exact: `Since ${formatMoment(since)}`,
    relative: formatAge(now - since),
  }
}

/** A moment in our JSON, or null. */
export function isoTime(at: number | null | undefined): string | null {
  return isKnown(at) ? new Date(at).toISOString() : null
}

function isKnown(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
