import { readMoment } from '../../../shared/text/moments.ts'
import { minuteMs } from '../../../shared/time/durations.ts'
import type { MeasuredRange } from '../../../store/ports/run-selection.ts'
import { readDuration } from '../durations.ts'
import type { Comparison, MeasureKind } from './terms.ts'

const example: Record<MeasureKind, string> = {
  cost: 'Write an amount in dollars, as in cost>0.05.',
  tokens: 'Write a number, as in tokens>1000.',
  duration: 'Write a length of time, as in duration>5m or duration<90s.',
  started: 'Write a day or a time in UTC, as in started>2026-11-01 or started<2026-11-01T10:00.',
}

export function measureError(kind: MeasureKind, value: string): string | undefined {
  return rangeOf(kind, '=', value) ? undefined : example[kind]
}

/** A day, or a minute, is a range itself. */
export function rangeOf(kind: MeasureKind, compare: Comparison, value: string): MeasuredRange | undefined {
  if (kind === 'started') return timesOf(compare, value)
  const number = kind === 'duration' ? readDuration(value) : readAmount(kind, value)
  if (number === undefined) return undefined
  switch (compare) {
    case '>':
      return { above: number }
    case '>=':
      return { from: number }
    case '<':
      return { below: number }
    case '<=':
      return { upTo: number }
    default:
      return { from: number, upTo: number }
  }
}

/** Null and NaN are in none. */
export function isInRange(value: number | null, { from, above, upTo, below }: MeasuredRange): boolean {
  if (value === null || Number.isNaN(value)) return false
  return (
    (from === undefined || value >= from) &&
    (above === undefined || value > above) &&
    (upTo === undefined || value <= upTo) &&
    (below === undefined || value < below)
  )
}

/** Commas separate thousands only: `0,05` is not five dollars. */
const amount = /^\$?((?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|\.\d+)(k|m)?$/i
const powers: Record<string, number> = { k: 1000, m: 1_000_000 }

function readAmount(kind: 'cost' | 'tokens', value: string): number | undefined {
  const [, digits, power = ''] = amount.exec(value.trim()) ?? []
  if (digits === undefined || (kind === 'tokens' && value.includes('$'))) return undefined
  return Number(digits.replaceAll(',', '')) * (powers[power.toLowerCase()] ?? 1)
}

function timesOf(compare: Comparison, value: string): MeasuredRange | undefined {
  const start = readMoment(value)
  if (start === undefined) return undefined
  const [, seconds, fraction] = /\d:\d\d(:\d\d)?(\.\d+)?Z?$/.exec(value.trim()) ?? []
  const day = readMoment(value, true)!
  const end = day > start ? day : start + (fraction !== undefined ? 1 : seconds !== undefined ? 1000 : minuteMs)
  switch (compare) {
    case '>':
      return { from: end }
    case '>=':
      return { from: start }
    case '<':
      return { below: start }
    case '<=':
      return { below: end }
    default:
      return { from: start, below: end }
  }
}
