import { minuteMs } from '../../../shared/time/durations.ts'
import type { Times } from '../times.ts'

/** `Today`, `Yesterday`, `Sat 21 Nov`. */
export function dayWord(at: number, times: Times): string {
  const day = times.zone.startOfDay(at)
  if (day === times.zone.startOfDay(times.now)) return 'Today'
  return day === times.zone.startOfDay(times.now, -1) ? 'Yesterday' : times.weekday(at)
}

/** With seconds, where parts of a plot are shorter than a minute. */
export function clockWord(at: number, step: number, times: Times): string {
  return step < minuteMs ? times.clockSeconds(at) : times.clock(at)
}
