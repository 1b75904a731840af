import type { Zone } from './zone.ts'

/** The Monday on which the week of a moment began. */
export function startOfWeek(at: number, zone: Pick<Zone, 'startOfDay' | 'local'>): number {
  const daysSinceMonday = (new Date(zone.local(at)).getUTCDay() + 6) % 7
  return zone.startOfDay(at, -daysSinceMonday)
}
