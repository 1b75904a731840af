import { formatNumber } from '../format/numbers.ts'

/** `35`, `10,000+`; empty when nothing is known. */
export function presentCount({ runs, isExact }: { runs: number; isExact: boolean }): string {
  if (isExact) return formatNumber(runs)
  return runs === 0 ? '' : `${formatNumber(runs)}+`
}
