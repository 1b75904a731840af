import type { RunFigures } from '../../orchestrator/history/list.ts'
import { plural } from '../../shared/plural.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { formatCost, formatNumber, formatRate } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'
import { presentCount } from './count.ts'

export function presentRunFigures({ byStatus, tokens, cost, p50, p95, total }: RunFigures) {
  const ended = [...byStatus].reduce((sum, [status, count]) => sum + (hasEnded(status) ? count : 0), 0)
  const failed = byStatus.get('failed') ?? 0
  return [
    { value: presentCount(total) || '…', label: total.runs === 1 && total.isExact ? 'run' : 'runs' },
    {
      value: formatRate(ended === 0 ? undefined : failed / ended),
      label: 'failed',
      title: `${formatNumber(failed)} of ${plural(ended, 'finished run')}`,
      tone: failed > 0 ? 'tone bad' : '',
    },
    { value: formatDuration(p50), label: 'p50', title: 'Half of the runs ended within this time' },
    { value: formatDuration(p95), label: 'p95', title: '95 of 100 runs ended within this time' },
    ...(tokens > 0 ? [{ value: shortNumber(tokens), label: 'tokens', title: formatNumber(tokens) }] : []),
    ...(cost > 0 ? [{ value: formatCost(cost), label: '' }] : []),
  ].map((figure) => ({ title: '', tone: '', ...figure }))
}

function shortNumber(value: number): string {
  return value < 10_000
    ? formatNumber(value)
    : new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}
