import { writeMoment } from '../../shared/text/moments.ts'
import type { Zone } from '../../shared/time/zone.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import { writeColumn } from './columns.ts'
import { writeDuration } from './durations.ts'
import { type RunQuery, withFilter } from './filter.ts'
import { checkedRunQuery, type RunQueryError, readRunQuery, runQueryParams } from './query.ts'
import { writeSearch } from './search/terms.ts'
import { refuseUnknownStatuses, unknownStatus, unknownStatuses } from './statuses.ts'

type Fields = Record<string, unknown>

/** Queries of the history as addresses have them. `more` are names that only one address knows. */
export type RunQueries = {
  read(fields: Fields, zone: Zone, more?: string[]): Promise<{ query: RunQuery; errors: RunQueryError[] }>
  /** Rejects with InvalidInputError. */
  checked(fields: Fields, more?: string[]): Promise<RunQuery>
  isPosition(text: string): boolean
  params: typeof runQueryParams
  withFilter: typeof withFilter
  writeColumn: typeof writeColumn
  writeSearch: typeof writeSearch
  writeMoment: typeof writeMoment
  writeDuration: typeof writeDuration
}

export function createRunQueries(history: Pick<HistoryStore, 'isPosition' | 'lookUp'>, now: () => number): RunQueries {
  const context = () => ({ now: now(), isPosition: history.isPosition })
  return {
    async read(fields, zone, more = []) {
      const { query, errors } = readRunQuery(fields, { ...context(), zone }, more)
      const unknown = await unknownStatuses(query.filter, history)
      const refused = unknown.map((status) => ({ field: 'status', message: unknownStatus(status), typed: status }))
      return { query, errors: [...errors, ...refused] }
    },

    async checked(fields, more = []) {
      const query = checkedRunQuery(fields, context(), more)
      await refuseUnknownStatuses(query.filter, history)
      return query
    },

    isPosition: (text) => history.isPosition(text, 'started'),
    params: runQueryParams,
    withFilter,
    writeColumn,
    writeSearch,
    writeMoment,
    writeDuration,
  }
}
