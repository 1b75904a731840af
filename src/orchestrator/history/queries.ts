import type { HistoryStore } from '../../store/ports/history.ts'
import { writeColumn } from './columns.ts'
import { type RunQuery, withFilter } from './filter.ts'
import { writeDuration, writeMoment } from './moments.ts'
import { checkedRunQuery, type RunQueryError, readRunQuery, runQueryParams } from './query.ts'
import { writeSearch } from './search/terms.ts'

type Fields = Record<string, unknown>

/** Queries of the history as addresses have them. `more` are names that only one address knows. */
export type RunQueries = {
  read(fields: Fields, more?: string[]): { query: RunQuery; errors: RunQueryError[] }
  /** Throws InvalidInputError. */
  checked(fields: Fields, more?: string[]): RunQuery
  isPosition(text: string): boolean
  params: typeof runQueryParams
  withFilter: typeof withFilter
  writeColumn: typeof writeColumn
  writeSearch: typeof writeSearch
  writeMoment: typeof writeMoment
  writeDuration: typeof writeDuration
}

export function createRunQueries(history: Pick<HistoryStore, 'isPosition'>, now: () => number): RunQueries {
  const context = () => ({ now: now(), isPosition: history.isPosition })
  return {
    read: (fields, more = []) => readRunQuery(fields, context(), more),
    checked: (fields, more = []) => checkedRunQuery(fields, context(), more),
    isPosition: (text) => history.isPosition(text, 'started'),
    params: runQueryParams,
    withFilter,
    writeColumn,
    writeSearch,
    writeMoment,
    writeDuration,
  }
}
