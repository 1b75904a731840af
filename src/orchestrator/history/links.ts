import type { RunFilter } from './filter.ts'
import { runQueryParams } from './query.ts'
import { type SearchTerm, writeSearch } from './search/terms.ts'

/** What follows `/runs?` in the URL of just these runs. */
export function queryOf(
  filter: Partial<RunFilter>,
  search: SearchTerm[] = [],
  sort: 'started' | 'duration' = 'started',
): string {
  const whole = { agents: [], statuses: [], ...filter, search }
  return runQueryParams({ filter: whole, text: writeSearch(search), sort, columns: [] }).toString()
}
