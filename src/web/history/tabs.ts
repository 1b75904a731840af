import type { RunList } from '../../orchestrator/history/list.ts'
import { formatNumber } from '../format/numbers.ts'
import { presentStatus } from '../format/run.ts'
import { presentCount } from './count.ts'
import type { RunLinks } from './links.ts'

/** Shown even where no run has them. `pending` is not: it would come and go. */
const usualStatuses = ['running', 'completed', 'failed']
const order = ['pending', 'running', 'completed', 'failed', 'lost', 'cancelled']

export function presentTabs({ query, counts, statuses }: RunList, links: RunLinks) {
  const chosen = query.filter.statuses
  const runsOf = (status: string) => counts.byStatus?.get(status) ?? 0
  const shown = [...new Set([...usualStatuses, ...statuses, ...chosen])].filter(
    (status) => status !== 'pending' || runsOf(status) > 0 || chosen.includes(status),
  )
  return [
    {
      status: '',
      word: 'All',
      runs: presentCount(counts),
      tone: '',
      path: links.filtered({ statuses: [] }, ['status']),
      isChosen: chosen.length === 0,
    },
    ...shown.sort(byUse).map((status) => ({
      status,
      word: presentStatus(status).word,
      runs: counts.byStatus ? formatNumber(runsOf(status)) : '',
      tone: runsOf(status) > 0 && ['running', 'failed'].includes(status) ? presentStatus(status).tone : '',
      path: links.filtered({ statuses: [status] }, ['status']),
      isChosen: chosen.includes(status),
    })),
  ]
}

function byUse(a: string, b: string): number {
  const position = (status: string) => (order.includes(status) ? order.indexOf(status) : order.length)
  return position(a) - position(b)
}
