import { utc, zoneNamed } from '../../shared/time/zone.ts'
import { createTimes } from '../../web/format/times.ts'

/** Times of the API for the person at this terminal: in the zone of the machine. */
export type Moments = {
  /** `4m ago`, `Yesterday, 14:25`. */
  relative(iso: string | null): string
  /** `22 Nov 2026, 17:42:07 (16:42:07 UTC)`. */
  exact(iso: string | null): string
}

export function createMoments(now: number): Moments {
  const zone = zoneNamed(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? utc
  const { moment } = createTimes(zone, now)
  const at = (iso: string | null) => (iso === null ? undefined : moment(Date.parse(iso)))
  return { relative: (iso) => at(iso)?.relative ?? '–', exact: (iso) => at(iso)?.exact ?? '–' }
}
