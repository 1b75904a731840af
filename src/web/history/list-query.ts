import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { Zone } from '../../shared/zone.ts'
import { areUsual } from './columns.ts'
import { createRunLinks } from './links.ts'

type Request = { query: Record<string, unknown>; zone: Zone }

/** The query of the list's address, with its errors. `more` names fields that are not part of it. */
export async function readListQuery(queries: RunQueries, request: Request, more: string[] = []) {
  const { query, errors } = await queries.read(withLocalTimes(request.query, request.zone, queries), request.zone, [
    ...more,
    ...localNames,
  ])
  const plain: RunQuery = areUsual(query.columns) ? { ...query, columns: [] } : query
  return { query: plain, errors, queries, links: createRunLinks(queries, plain, errors) }
}

/** Fields of a form whose times are in the reader's zone. In addresses, which are shared, times are in UTC. */
const localNames = ['local_from', 'local_to']
const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/

function withLocalTimes(fields: Record<string, unknown>, zone: Zone, { writeMoment }: RunQueries) {
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
