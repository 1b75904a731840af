import type { HistoryStore } from '../../store/ports/history.ts'
import { writeColumn } from './columns.ts'
import { withFilter } from './filter.ts'
import { writeDuration, writeMoment } from './moments.ts'
import { checkedRunQuery, readRunQuery, runQueryParams } from './query.ts'
import { writeSearch } from './search/terms.ts'

export type RunQueries = ReturnType<typeof createRunQueries>

export function createRunQueries(history: Pick<HistoryStore, 'isPosition'>, now: () => number) {
  const context = () => ({ now: now(), isPosition: history.isPosition })
  return {
    /** `more` are names that only this address knows. */
    read: (fields: Record<string, unknown>, more: string[] = []) => readRunQuery(fields, context(), more),
    /** Throws InvalidInputError. */
    checked: (fields: Record<string, unknown>, more: string[] = []) => checkedRunQuery(fields, context(), more),
    isPosition: (text: string) => history.isPosition(text, 'started'),
    params: runQueryParams,
    withFilter,
    writeColumn,
    writeSearch,
    writeMoment,
    writeDuration,
  }
}
