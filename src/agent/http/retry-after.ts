const maxMs = 300_000

/**
 * For how long an agent asks to be left alone by `Retry-After`, a number of seconds or a moment, which is taken by its
 * own clock where it says what time it has. Never longer than five minutes; undefined where it does not ask.
 */
export function retryAfterMs(headers: Record<string, string>, now: number): number | undefined {
  const value = headers['retry-after']?.trim() ?? ''
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : until(value, headers.date, now)
  return ms === undefined ? undefined : Math.min(maxMs, Math.max(0, ms))
}

/** Dates of HTTP are of one form; what else JavaScript takes for a date is none. */
function until(moment: string, theirNow: string | undefined, now: number): number | undefined {
  const at = httpDate(moment)
  return at === undefined ? undefined : at - (httpDate(theirNow ?? '') ?? now)
}

function httpDate(text: string): number | undefined {
  const isOne = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/.test(text)
  const at = isOne ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
