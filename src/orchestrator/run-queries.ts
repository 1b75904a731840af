import { writeColumn } from './run-columns.ts'
import { withFilter } from './run-filter.ts'
import { checkedRunQuery, readRunQuery, runQueryParams } from './run-query.ts'
import { writeSearch } from './run-search.ts'
import { writeMoment, writeSpan } from './run-times.ts'

export type RunQueries = ReturnType<typeof createRunQueries>

/** Queries of the run list as addresses have them: read, changed and written. */
export function createRunQueries(now: () => number) {
  return {
    read: (fields: Record<string, unknown>) => readRunQuery(fields, now()),
    /** Throws InvalidInputError. */
    checked: (fields: Record<string, unknown>) => checkedRunQuery(fields, now()),
    params: runQueryParams,
    withFilter,
    writeColumn,
    writeSearch,
    writeMoment,
    writeSpan,
  }
}
