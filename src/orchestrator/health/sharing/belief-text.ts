import { looseValue } from '../../../shared/json.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { type Belief, unknownSince } from '../belief.ts'

type Times = Pick<Clock, 'now' | 'elapsed'>

/** Of the agent at `url`. `elapsed` is another in every process: others are told the time of day. */
export function textOf({ changedAt, ...belief }: Belief, url: string, { now, elapsed }: Times): string {
  const ago = now() - elapsed()
  return JSON.stringify({ ...belief, url, changedAt: changedAt.map((at) => at + ago) })
}

/** Undefined where it is of another address. */
export function beliefOf(text: string, url: string, { now, elapsed }: Times): Belief | undefined {
  const ago = now() - elapsed()
  const { changedAt = [], url: of = url, ...told } = (looseValue(text) ?? {}) as Partial<Belief & { url: string }>
  return of === url ? { ...unknownSince(now()), ...told, changedAt: changedAt.map((at) => at - ago) } : undefined
}
