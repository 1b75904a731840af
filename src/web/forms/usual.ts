import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import { formatCost, isKnown } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'

export function presentUsual(usual: ExecuteForm['usual']): { usual: string; usualOf: string } {
  if (!usual) return { usual: '', usualOf: '' }
  const cost = isKnown(usual.p50CostUsd) ? ` · ${formatCost(usual.p50CostUsd).replace(/(\.\d\d\d*?)0+$/, '$1')}` : ''
  return {
    usual: `Usually ${formatDuration(usual.p50Seconds)}${cost}`,
    usualOf: 'Median of the last completed runs',
  }
}
