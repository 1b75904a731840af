import type { Zone } from './zone.ts'

/** The Monday on which the week of a moment began. */
export function startOfWeek(at: number, zone: Pick<Zone, 'startOfDay' | 'local'>): number {
  return zone.startOfDay(at, -daysSinceMonday(at, zone))
}

export function daysSinceMonday(at: number, zone: Pick<Zone, 'local'>): number {
  return (new Date(zone.local(at)).getUTCDay() + 6) % 7
}
