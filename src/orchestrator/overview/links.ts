import type { RunFilter } from '../history/filter.ts'
import { runQueryParams } from '../history/query.ts'
import { type SearchTerm, writeSearch } from '../history/search/terms.ts'

/** What follows `/runs?` in the URL of just these runs. */
export function queryOf(
  filter: Partial<RunFilter>,
  search: SearchTerm[] = [],
  sort: 'started' | 'duration' = 'started',
): string {
  const whole = { agents: [], statuses: [], ...filter, search }
  return runQueryParams({ filter: whole, text: writeSearch(search), sort, columns: [] }).toString()
}
