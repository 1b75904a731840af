import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { Actor } from '../../shared/actor.ts'
import type { Zone } from '../../shared/time/zone.ts'
import { localNames, withLocalTimes } from '../format/local-moments.ts'
import { areUsual } from './columns.ts'
import { createRunLinks } from './links.ts'

type Request = { query: Record<string, unknown>; zone: Zone; actor: Pick<Actor, 'agents'> }

/** The query of the list's address, with its errors. `more` names fields that are not part of it. */
export async function readListQuery(queries: RunQueries, request: Request, more: string[] = []) {
  const { query, errors } = await queries.read(withLocalTimes(request.query, request.zone), request.zone, [
    ...more,
    ...localNames,
  ])
  const plain: RunQuery = areUsual(query.columns) ? { ...query, columns: [] } : query
  return {
    ...{ query: plain, errors, queries },
    links: createRunLinks(queries, plain, errors),
    seesAll: request.actor.agents === null,
  }
}
