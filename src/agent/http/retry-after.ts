const maxMs = 300_000

/** Seconds, or a time by the agent's own clock; at most five minutes. Undefined when there is none. */
export function retryAfterMs(headers: Record<string, string>, now: number): number | undefined {
  const value = headers['retry-after']?.trim() ?? ''
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : until(value, headers.date, now)
  return ms === undefined ? undefined : Math.min(maxMs, Math.max(0, ms))
}

/** JavaScript's Date takes much more than HTTP allows. */
function until(moment: string, theirNow: string | undefined, now: number): number | undefined {
  const at = httpDate(moment)
  return at === undefined ? undefined : at - (httpDate(theirNow ?? '') ?? now)
}

function httpDate(text: string): number | undefined {
  const isOne = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/.test(text)
  const at = isOne ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
