import type { HistoryStore } from '../../store/ports/history.ts'
import { writeColumn } from './columns.ts'
import { withFilter } from './filter.ts'
import { writeDuration, writeMoment } from './moments.ts'
import { checkedRunQuery, readRunQuery, runQueryParams } from './query.ts'
import { writeSearch } from './search/terms.ts'

export type RunQueries = ReturnType<typeof createRunQueries>

/** Queries of the run list as addresses have them: read, changed and written. */
export function createRunQueries(history: Pick<HistoryStore, 'isPosition'>, now: () => number) {
  const context = () => ({ now: now(), isPosition: history.isPosition })
  return {
    /** `more` are names that mean something at this address alone, here and below. */
    read: (fields: Record<string, unknown>, more: string[] = []) => readRunQuery(fields, context(), more),
    /** Throws InvalidInputError. */
    checked: (fields: Record<string, unknown>, more: string[] = []) => checkedRunQuery(fields, context(), more),
    /** Whether a text is the position of a run in a list by start. */
    isPosition: (text: string) => history.isPosition(text, 'started'),
    params: runQueryParams,
    withFilter,
    writeColumn,
    writeSearch,
    writeMoment,
    writeDuration,
  }
}
