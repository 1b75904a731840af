import { formatCost } from './numbers.ts'

const minus = '−'
const many = 10

/** `+7% on last week until now ($6.06)`. */
export function costAgainstLastWeek(cost: number | null, lastWeek: number | null): string {
  const change = changeOf(cost ?? 0, lastWeek ?? 0)
  return change === undefined
    ? 'Nothing by this time last week'
    : `${change} on last week until now (${formatCost(lastWeek)})`
}

/** `+7%`, `−3%`, `±0%`, `×12`; undefined where there was nothing before. */
export function changeOf(value: number, before: number): string | undefined {
  if (before <= 0) return undefined
  const ratio = value / before
  if (ratio >= many) return `×${Math.round(ratio)}`
  const percent = Math.round((ratio - 1) * 100)
  return `${percent < 0 ? minus : percent === 0 ? '±' : '+'}${Math.abs(percent)}%`
}
