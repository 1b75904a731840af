import type { RetentionState } from '../../orchestrator/system/retention.ts'
import { plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'

export function presentRetention({ rule, due, deleted }: RetentionState, isWaiting: boolean, times: Times) {
  const isForEver = rule.keepRuns === 0 || (rule.keepDays === 0 && rule.keepFailedDays === 0)
  return {
    sentences: isForEver ? ['Runs are kept for ever.'] : sentencesOf(rule),
    isForEver,
    due: isForEver ? undefined : presentDue(due, isWaiting),
    isBusy: !isWaiting && due !== undefined && due > 0,
    removed: deleted.runs === 0 ? 'None' : countOf(deleted.runs),
    last: times.moment(deleted.lastAt),
  }
}

function sentencesOf({ keepDays, keepRuns, keepFailedDays }: RetentionState['rule']): string[] {
  const days = (count: number) => plural(count, 'day')
  const ended =
    keepDays === 0
      ? 'Completed and cancelled runs are kept for ever'
      : `Completed and cancelled runs are deleted after ${days(keepDays)}`
  const failed =
    keepFailedDays === 0
      ? 'failed and lost ones are kept for ever'
      : `failed and lost ones ${keepDays === 0 ? 'are deleted ' : ''}after ${days(keepFailedDays)}`
  return [
    `${ended}${keepDays > 0 && keepFailedDays > 0 ? ',' : ';'} ${failed}.`,
    keepRuns === 1
      ? 'The newest run is kept whatever its age, and so are runs that have not ended.'
      : `The newest ${formatNumber(keepRuns)} runs are kept whatever their age, and so are runs that have not ended.`,
  ]
}

const countOf = (runs: number) => plural(runs, 'run')

function presentDue(due: number | undefined, isWaiting: boolean): { tone: string; text: string } {
  if (isWaiting) return { tone: 'waiting', text: 'Nothing is deleted before the history is read' }
  if (due === undefined) return { tone: 'working', text: 'Being counted' }
  if (due === 0) return { tone: 'good', text: 'None' }
  return { tone: 'working', text: `${countOf(due)}, being deleted` }
}
