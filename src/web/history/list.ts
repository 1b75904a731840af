import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import type { HistoryState } from '../../orchestrator/history/indexing.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import { inNumber } from '../../shared/plural.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { presentBulkJob } from '../bulk/actions.ts'
import { formatNumber } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentColumns, presentListedRun } from './columns.ts'
import { presentCount } from './count.ts'
import { presentRunFilters, type RunPageContext } from './filters.ts'

export type RunPageState = {
  /** The cursor of the newest run shown; a poll sends it back. */
  top: string | undefined
  /** How many runs have come since. */
  newer: { runs: number; isExact: boolean } | undefined
  /** Equal while the list looks the same, except for relative times. */
  tag: string
  isCounting: boolean
  history: HistoryState
  jobs: BulkActionProgress[]
  times: Times
}

const maxFurtherRows = 50

export function presentRuns(list: RunList, context: RunPageContext, state: RunPageState) {
  const { top, newer: arrived, tag, isCounting, history, jobs, times } = state
  const { links } = context
  const { query, runs, older, newer, counts } = list
  const isFirstPage = query.older === undefined && query.newer === undefined
  const filters = presentRunFilters(list, context)
  const count = presentCount(list.total)
  return {
    path: links.same(),
    // Running runs count their seconds, which no tag shows.
    tag: runs.some(isActive) ? '' : tag,
    exportPaths: (['csv', 'ndjson'] as const).map((format) => ({
      word: format === 'csv' ? 'CSV' : 'NDJSON',
      path: links.page({}, paths.exportRuns, { format }),
    })),
    bulk: {
      filter: links.page({}),
      all: ['All', count, filters.chips.length > 0 ? 'that match' : 'runs'].filter(Boolean).join(' '),
    },
    bulkJobs: jobs.map((job) => presentBulkJob(job, times)),
    pollSeconds: isCounting ? 2 : 10,
    pollPath: top === undefined ? links.same() : links.same(paths.runs, { top }),
    filters,
    columns: presentColumns(list, context),
    reading: presentReading(history),
    chartPath: links.same(paths.runChart),
    fieldsPath: links.same(paths.searchFields),
    ...presentRows(list, context, times),
    arrived: presentArrived(arrived),
    arrivedPath: links.firstPage(),
    workflows: list.workflows,
    hasChart: filters.chips.length > 0 || counts.runs > 0,
    isEmpty: runs.length === 0 && !list.searchedTo,
    isFiltered: filters.chips.length > 0,
    isFirstPage,
    allPath: links.unfiltered(),
    firstPath: links.firstPage(),
    newerPath: newer && links.page({ newer }),
    count:
      count === ''
        ? 'Counting…'
        : isFirstPage && runs.length > 0 && older
          ? `1–${runs.length} of ${count}`
          : `${count} ${inNumber(count === '1' ? 1 : 2, 'run')}`,
  }
}

export function presentRows(list: RunList, context: RunPageContext, times: Times, rowsBefore = 0) {
  const { runs, searchedTo, query, older } = list
  const { links } = context
  const shown = rowsBefore + runs.length
  const isBackwards = query.newer !== undefined
  return {
    heads: presentColumns(list, context).heads,
    olderPath: older && (query.newer !== undefined || !searchedTo) ? links.page({ older }) : undefined,
    rows: runs.map((run) => presentListedRun(run, times)),
    further: searchedTo && {
      id: searchedTo,
      at: list.searchedAt === undefined ? '' : times.exact(list.searchedAt),
      isBackwards,
      path: links.page(isBackwards ? { newer: searchedTo } : { older: searchedTo }),
      loadPath:
        isBackwards || shown >= maxFurtherRows
          ? ''
          : links.page({ older: searchedTo }, paths.furtherRuns, { have: String(shown) }),
    },
  }
}

const isActive = ({ status }: RunList['runs'][number]) => !hasEnded(status)

function presentArrived(newer: RunPageState['newer']): string {
  if (!newer || newer.runs === 0) return ''
  return `${formatNumber(newer.runs)}${newer.isExact ? '' : '+'} new ${inNumber(newer.runs, 'run')}`
}

function presentReading({ reading }: HistoryState): string {
  if (reading) {
    return `Reading the history: ${formatNumber(reading.done)} of ${formatNumber(reading.total)} runs. Older ones are not in the list yet.`
  }
  return ''
}
