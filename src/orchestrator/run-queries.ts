import { writeColumn } from './run-columns.ts'
import { withFilter } from './run-filter.ts'
import { checkedRunQuery, readRunQuery, runQueryParams } from './run-query.ts'
import { writeSearch } from './run-search.ts'
import { writeMoment, writeSpan } from './run-times.ts'

export type RunQueries = ReturnType<typeof createRunQueries>

/** Queries of the run list as addresses have them: read, changed and written. */
export function createRunQueries(now: () => number) {
  return {
    /** `more` are names that mean something at this address alone, here and below. */
    read: (fields: Record<string, unknown>, more: string[] = []) => readRunQuery(fields, now(), more),
    /** Throws InvalidInputError. */
    checked: (fields: Record<string, unknown>, more: string[] = []) => checkedRunQuery(fields, now(), more),
    params: runQueryParams,
    withFilter,
    writeColumn,
    writeSearch,
    writeMoment,
    writeSpan,
  }
}
