import { writeMoment } from '../../shared/text/moments.ts'
import type { Zone } from '../../shared/time/zone.ts'

/** Fields of a form whose times are in the reader's zone. In addresses, which are shared, times are in UTC. */
export const localNames = ['local_from', 'local_to']
const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/

/** With `from` and `to` in UTC. */
export function withLocalTimes(fields: Record<string, unknown>, zone: Zone): Record<string, unknown> {
  const given = { ...fields }
  for (const [name, local] of [
    ['from', 'local_from'],
    ['to', 'local_to'],
  ] as const) {
    const typed = [fields[local]].flat().at(-1)
    if (typeof typed === 'string' && typed !== '')
      given[name] = inUtc(typed, zone, (at) => writeMoment(at, name === 'to'))
  }
  return given
}

function inUtc(typed: string, zone: Zone, write: (at: number) => string): string {
  const at = local.test(typed) ? Date.parse(`${typed}Z`) : Number.NaN
  return Number.isNaN(at) ? typed : write(zone.momentOf(at))
}

/** As a field of a form has it; empty where there is none. */
export function localMoment(at: number | undefined, zone: Zone): string {
  return at === undefined
    ? ''
    : new Date(zone.local(at))
        .toISOString()
        .slice(0, -1)
        .replace(/(?::00)?\.000$/, '')
}
