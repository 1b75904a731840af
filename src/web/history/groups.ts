import { startOfWeek } from '../../shared/time/weeks.ts'
import type { Times } from '../format/times.ts'

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]

/** The heading that a run stands under in a list by start: Today, Yesterday, This week, then its month. */
export function createGroups({ zone, now, year }: Times): (startedAt: number) => string {
  const tomorrow = zone.startOfDay(now, 1)
  const today = zone.startOfDay(now)
  const yesterday = zone.startOfDay(now, -1)
  const week = startOfWeek(now, zone)

  return (at) => {
    if (!Number.isFinite(at)) return 'Unknown start'
    if (at >= tomorrow) return 'Later'
    if (at >= today) return 'Today'
    if (at >= yesterday) return 'Yesterday'
    if (at >= week) return 'This week'
    const month = months[new Date(zone.local(at)).getUTCMonth()]!
    return year(at) === year(now) ? month : `${month} ${year(at)}`
  }
}
