import type { RunList } from '../../orchestrator/history/list.ts'
import type { PinnedValue } from '../../orchestrator/history/pinned-value.ts'
import { runAsJson } from '../format/run.ts'
import { isoTime } from '../format/times.ts'
import type { RunLinks } from './links.ts'

/** `searched_to` is set where a page ends early because the search continues; `total` is a minimum when `counts` is
 * null. */
export function runsAsJson(list: RunList, links: RunLinks, limit?: number) {
  const { query, runs, counts, total, older, newer, searchedAt } = list
  const more = limit === undefined ? {} : { limit: String(limit) }
  const hasPinned = query.columns.some(({ kind }) => kind === 'pinned')
  return {
    runs: runs.map((run) => ({ ...runAsJson(run), ...(hasPinned && { pinned: pinnedAsJson(run) }) })),
    total: total.runs,
    total_is_exact: total.isExact,
    counts: counts.byStatus ? Object.fromEntries(counts.byStatus) : null,
    older: older === undefined ? null : links.page({ older }, undefined, more),
    newer: newer === undefined ? null : links.page({ newer }, undefined, more),
    searched_to: isoTime(searchedAt),
  }
}

function pinnedAsJson({ pinned }: RunList['runs'][number]) {
  const value = (one: PinnedValue | undefined) => (!one ? null : one.isString ? one.text : JSON.parse(one.text))
  return Object.fromEntries([...pinned].map(([name, one]) => [name, value(one)]))
}
