export const unknown = '–'

export function formatNumber(value: number | null | undefined): string {
  return isKnown(value) ? value.toLocaleString('en-US') : unknown
}

let cents: Intl.NumberFormat | undefined

function withCents(usd: number): string {
  cents ??= new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return cents.format(usd)
}

/** Most runs cost less than a cent. */
export function formatCost(usd: number | null | undefined): string {
  if (!isKnown(usd)) return unknown
  if (Math.abs(usd) >= 1000) return `$${withCents(usd)}`
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 1 ? 4 : 2)}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** `812 B`, `1.2 kB`, `5.0 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isKnown(bytes)) return unknown
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${byteUnits[power]}`
}

/** `99.98%`. Never 100% or 0% when it is not exactly that. */
export function formatShare(share: number | null | undefined): string {
  if (!isKnown(share)) return unknown
  if (share === 0 || share === 1) return `${share * 100}%`
  return `${Math.min(99.99, Math.max(0.01, share * 100)).toFixed(2)}%`
}

/** `76%`, with the same care. */
export function formatPercent(share: number | null | undefined): string {
  if (!isKnown(share)) return unknown
  if (share === 0 || share === 1) return `${share * 100}%`
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`
}

/** `0%`, `0.02%`, `3.4%`, `100%`, with the same care. */
export function formatRate(share: number | null | undefined): string {
  if (!isKnown(share)) return unknown
  const percents = share * 100
  if (percents === 0 || percents === 100) return `${percents}%`
  return percents < 0.1 ? `${percents.toPrecision(1)}%` : `${Math.min(99.9, percents).toFixed(1)}%`
}

export function isKnown(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
