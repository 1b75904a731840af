export function quantile(sorted: number[], share: number): number | undefined {
  return sorted[Math.ceil(share * sorted.length) - 1]
}
