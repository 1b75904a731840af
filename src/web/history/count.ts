import { formatNumber } from '../format/numbers.ts'

export function presentCount({ runs, isExact }: { runs: number; isExact: boolean }): string {
  if (isExact) return formatNumber(runs)
  return runs === 0 ? '' : `${formatNumber(runs)}+`
}
