import type { RunList } from '../../orchestrator/history/list.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentColumns, presentListedRun } from './columns.ts'
import type { RunPageContext } from './filters.ts'
import { createGroups } from './groups.ts'

type Run = RunList['runs'][number]

export type UsualOf = (run: Run) => { p50Seconds: number; p95Seconds: number } | undefined

/** So that each row only names its icon: those that further rows may have, too. */
const runIcons = ['busy', 'clock', 'circle-check', 'circle-x', 'circle-help', 'ban', 'circle-dashed']

type Above = { rows: number; group: string }

const maxFurtherRows = 50

export function presentRows(
  list: RunList,
  context: RunPageContext,
  { times, usualOf }: { times: Times; usualOf: UsualOf },
  above: Above = { rows: 0, group: '' },
) {
  const { runs, searchedTo, query, older } = list
  const { links } = context
  const isBackwards = query.newer !== undefined
  const groups = groupsOf(list, times)
  const columns = presentColumns(list, context)
  const shown = above.rows + runs.length
  const below = { have: String(shown), group: groups.at(-1) ?? above.group }
  return {
    heads: columns.heads,
    icons: runIcons,
    linkAt: columns.linkAt,
    olderPath: older && (isBackwards || !searchedTo) ? links.page({ older }) : undefined,
    rows: runs.map((run, index) => {
      const group = groups[index] === (groups[index - 1] ?? above.group) ? '' : (groups[index] ?? '')
      return { ...presentListedRun(run, times, usualOf(run)), group, groupId: group.toLowerCase().replaceAll(' ', '-') }
    }),
    further: searchedTo && {
      id: searchedTo,
      at: list.searchedAt === undefined ? '' : times.day(list.searchedAt),
      isBackwards,
      path: links.page(isBackwards ? { newer: searchedTo } : { older: searchedTo }),
      loadPath:
        isBackwards || shown >= maxFurtherRows ? '' : links.page({ older: searchedTo }, paths.furtherRuns, below),
    },
  }
}

/** The heading of each run; none in an order by a value. */
function groupsOf({ runs, query }: RunList, times: Times): string[] {
  if (query.sort !== 'started' && query.sort !== '-started') return []
  const groupOf = createGroups(times)
  return runs.map(({ startedAt }) => groupOf(startedAt))
}
