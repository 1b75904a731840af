import type { Config } from '../../config.ts'
import type { SystemFacts } from '../../orchestrator/system/system.ts'
import { plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'
import { pollSeconds } from './page.ts'
import { presentSettings } from './settings.ts'

type Rule = SystemFacts['retention']['rule']

/** The region `#system` of "Checks and retention". */
export function presentChecksAndRetention({ retention, index }: SystemFacts, config: Config, times: Times) {
  const { rule, due, deleted } = retention
  const isWaiting = index.reading !== undefined || index.states !== undefined
  const isForEver = rule.keepRuns === 0 || (rule.keepDays === 0 && rule.keepFailedDays === 0)
  const isBusy = !isWaiting && due !== undefined && due > 0
  return {
    pollSeconds: pollSeconds(isBusy || isWaiting),
    checks: presentSettings(config, 'checks'),
    runs: presentSettings(config, 'runs'),
    retention: presentSettings(config, 'retention'),
    sentences: isForEver ? ['Runs are kept for ever.'] : sentencesOf(rule),
    isForEver,
    due: isForEver ? undefined : presentDue(due, isWaiting),
    deleted: deleted.runs === 0 ? 'None' : countOf(deleted.runs),
    last: times.moment(deleted.lastAt),
  }
}

function sentencesOf({ keepDays, keepRuns, keepFailedDays }: Rule): string[] {
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
      ? 'The newest run is kept whatever its age, and so are unfinished runs.'
      : `The newest ${formatNumber(keepRuns)} runs are kept whatever their age, and so are unfinished runs.`,
  ]
}

const countOf = (runs: number) => plural(runs, 'run')

function presentDue(due: number | undefined, isWaiting: boolean) {
  if (isWaiting) return { tone: 'waiting', icon: 'clock', word: 'Nothing is deleted before the history is read' }
  if (due === undefined) return { tone: 'working', icon: 'busy', word: 'Counting…' }
  if (due === 0) return { tone: 'good', icon: 'circle-check', word: 'None' }
  return { tone: 'working', icon: 'busy', word: `${countOf(due)}, being deleted` }
}
