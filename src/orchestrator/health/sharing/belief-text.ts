import { looseValue } from '../../../shared/json.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { type Belief, unknownSince } from '../belief.ts'

type Times = Pick<Clock, 'now' | 'elapsed'>

/** `elapsed` is another in every process: others are told the time of day. */
export function textOf({ changedAt, ...belief }: Belief, { now, elapsed }: Times): string {
  const ago = now() - elapsed()
  return JSON.stringify({ ...belief, changedAt: changedAt.map((at) => at + ago) })
}

export function beliefOf(text: string, { now, elapsed }: Times): Belief {
  const ago = now() - elapsed()
  const { changedAt = [], ...told } = (looseValue(text) ?? {}) as Partial<Belief>
  return { ...unknownSince(now()), ...told, changedAt: changedAt.map((at) => at - ago) }
}
