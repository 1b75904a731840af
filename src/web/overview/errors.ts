import type { TopError, TopErrors } from '../../orchestrator/overview/errors.ts'
import { plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import { presentReason } from '../format/reason.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

/** In pixels: a bar for each hour, on a base line. */
const pitch = 4
const barWidth = 2.6
const height = 18
const base = 1.5

export function presentErrors({ runs, grouped, list, query }: TopErrors, times: Times) {
  const most = Math.max(1, ...list.flatMap(({ hours }) => hours))
  return {
    all: `All ${plural(runs, 'failed run')}`,
    path: paths.runs(query),
    note: grouped < runs ? `Of the newest ${formatNumber(grouped)}` : '',
    list: list.map((error) => presentError(error, most, times)),
  }
}

function presentError({ cause, runs, hours, latestAt, agents, query }: TopError, most: number, times: Times) {
  return {
    runs: formatNumber(runs),
    cause: presentReason(cause) || 'No reason was recorded',
    agents: namesOf(agents),
    when: hours.map((failed, hour) => barAt(hour, failed / most)).join(''),
    latest: times.moment(latestAt),
    path: paths.runs(query),
  }
}

/** Exact, so that errors compare. */
function barAt(hour: number, share: number): string {
  if (share === 0) return ''
  const top = round((height - base) * (1 - share))
  return `M${round(hour * pitch)} ${top}h${barWidth}V${height}h-${barWidth}z`
}

/** `web-scraper, translator and 2 more`. */
function namesOf(agents: TopError['agents']): string {
  const names = agents.map(({ name, agentId }) => agentId ?? name)
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}

const round = (value: number) => Math.round(value * 10) / 10
