import { RunDeletedError } from '../../shared/errors.ts'
import { plural } from '../../shared/plural.ts'
import { dayMs } from '../../shared/time/durations.ts'
import { type RetentionRule, tooOld } from './retention-rule.ts'

const uuidv7 = /^([\da-f]{8})-([\da-f]{4})-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i

function madeAt(id: string): number | undefined {
  const [, high, low] = uuidv7.exec(id) ?? []
  return high === undefined ? undefined : Number.parseInt(high + low, 16)
}

/** Of an id from a time whose runs are deleted; whether there ever was such a run is not known. */
export function deletedRun(id: string, rule: RetentionRule, now: number): RunDeletedError | undefined {
  const at = madeAt(id)
  const limits = tooOld(rule, now).map(({ startedBefore }) => startedBefore)
  if (at === undefined || !limits.some((before) => at < before)) return undefined
  const day = new Date(at).toISOString().slice(0, 10)
  const days = Math.round((now - Math.max(...limits)) / dayMs)
  return new RunDeletedError(
    id,
    `There is no run "${id}" any more: its ID is from ${day}, and runs are deleted after ${plural(days, 'day')}.`,
  )
}
