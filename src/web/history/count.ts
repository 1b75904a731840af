import { formatNumber } from '../format/numbers.ts'

/** How many runs there are, or at least: `35`, `10,000+`. Empty while nobody knows of any. */
export function presentCount({ runs, isExact }: { runs: number; isExact: boolean }): string {
  if (isExact) return formatNumber(runs)
  return runs === 0 ? '' : `${formatNumber(runs)}+`
}
