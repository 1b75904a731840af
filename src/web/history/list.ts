import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { HistoryState } from '../../orchestrator/history/indexing.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import { inNumber } from '../../shared/plural.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { presentBulkJob } from '../bulk/actions.ts'
import { formatNumber } from '../format/numbers.ts'
import { presentStatus } from '../format/run.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentColumns } from './columns.ts'
import { presentCount } from './count.ts'
import { presentRunFilters, type RunPageContext } from './filters.ts'
import { presentRows, type UsualOf } from './rows.ts'
import { presentViews, type ShownView } from './saved-views/chips.ts'
import { presentTabs } from './tabs.ts'

export type RunPageState = {
  /** The cursor of the newest run shown; a poll sends it back. */
  top: string | undefined
  newer: { runs: number; isExact: boolean } | undefined
  isCounting: boolean
  history: HistoryState
  jobs: BulkActionProgress[]
  views: ShownView[]
  usualOf: UsualOf
  times: Times
}

export function presentRuns(list: RunList, context: RunPageContext, state: RunPageState) {
  const { top, newer: arrived, isCounting, history, jobs, views, usualOf, times } = state
  const { links } = context
  const { query, runs, older, newer, counts } = list
  const isFirstPage = query.older === undefined && query.newer === undefined
  const filters = presentRunFilters(list, context, times)
  const count = presentCount(list.total)
  const reading = presentReading(history)
  const isRunning = runs.some(({ status }) => !hasEnded(status))
  return {
    path: links.same(),
    isRunning,
    isMoving: isRunning || isCounting || reading !== '',
    exportPaths: (['csv', 'ndjson'] as const).map((format) => ({
      word: format === 'csv' ? 'CSV' : 'NDJSON',
      note: format === 'csv' ? 'for spreadsheets' : 'a run per line',
      path: links.dated(paths.exportRuns, { format }),
    })),
    bulk: { filter: links.dated(), all: count === '' ? 'all' : `all ${count}` },
    bulkJobs: jobs.map((job) => presentBulkJob(job, times)),
    pollSeconds: isCounting ? 2 : 10,
    pollPath: top === undefined ? links.same() : links.same(paths.runs, { top }),
    views: presentViews(views, query, context),
    filters,
    tabs: presentTabs(list, links),
    columns: presentColumns(list, context),
    reading,
    chartPath: links.same(paths.runChart),
    fieldsPath: links.same(paths.searchFields),
    ...presentRows(list, context, { times, usualOf }),
    arrived: presentArrived(arrived),
    arrivedPath: links.firstPage(),
    workflows: list.workflows,
    hasChart: filters.isFiltered || counts.runs > 0,
    isEmpty: runs.length === 0 && !list.searchedTo,
    isFiltered: filters.isFiltered,
    searched: presentSearched(query, filters),
    isFirstPage,
    allPath: links.unfiltered(),
    firstPath: links.firstPage(),
    newerPath: newer && links.page({ newer }),
    count: countText(count, isFirstPage && older !== undefined ? runs.length : 0),
  }
}

/** `237 runs`, or of a first page of several, `1–50 of 237`. */
function countText(count: string, shown: number): string {
  if (count === '') return 'Counting…'
  return shown > 0 ? `1–${shown} of ${count}` : `${count} ${inNumber(count === '1' ? 1 : 2, 'run')}`
}

function presentArrived(newer: RunPageState['newer']): string {
  if (!newer || newer.runs === 0) return ''
  return `${formatNumber(newer.runs)}${newer.isExact ? '' : '+'} new ${inNumber(newer.runs, 'run')}`
}

function presentReading({ reading }: HistoryState): string {
  if (!reading) return ''
  return `Reading the history: ${formatNumber(reading.done)} of ${formatNumber(reading.total)} runs. Older ones are not in the list yet.`
}

type Filters = ReturnType<typeof presentRunFilters>

/** For a list in which no run is. */
function presentSearched(
  { filter, text }: RunQuery,
  { agents, time, more }: Filters,
): { name: string; value: string }[] {
  const asked = {
    Search: filter.search.length > 0 ? text : '',
    Agent: agents.isActive ? agents.label : '',
    Status: filter.statuses.map((status) => presentStatus(status).word).join(' or '),
    Time: time.isActive ? time.label : '',
    Workflow: filter.workflow ?? '',
    'Longer than': filter.longerThanSeconds === undefined ? '' : more.longer.value,
  }
  return Object.entries(asked).flatMap(([name, value]) => (value === '' ? [] : { name, value }))
}
