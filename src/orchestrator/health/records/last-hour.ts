import { hourMs, minuteMs } from '../../../shared/time/durations.ts'
import type { CheckOutcome } from '../../../store/ports/health.ts'

export const slotMs = 2 * minuteMs
const maxGapMs = 3 * slotMs
export const slotCount = hourMs / slotMs

const severity: Record<CheckOutcome, number> = { up: 0, busy: 1, degraded: 2, down: 3 }

/** The worst check of every two minutes, oldest first, from `at` on; undefined where there was none. */
export type HourOfChecks = { at: number; slots: (CheckOutcome | undefined)[] }

type Slot = { at: number; outcome: CheckOutcome }

export type LastHour = {
  add(at: number, outcome: CheckOutcome): void
  /** A check holds for `validMs`: an agent that is checked every five minutes is not unknown in between. */
  slots(now: number, validMs: number): HourOfChecks
  /** Where it was so until minutes ago. */
  degradedSince(now: number): number | undefined
}

export function createLastHour(known: Slot[]): LastHour {
  let slots = known.map(({ at, outcome }) => ({ at, outcome }))

  return {
    add(at, outcome) {
      const begunAt = startOfSlot(at)
      const last = slots.at(-1)
      if (last?.at === begunAt) {
        if (severity[outcome] > severity[last.outcome]) last.outcome = outcome
        return
      }
      slots = [...slots.filter((one) => one.at > begunAt - hourMs - slotMs), { at: begunAt, outcome }]
    },

    slots(now, validMs) {
      // Until the first check of a slot, the hour ends with the slot before: a gap would come and go.
      const end = slots.at(-1)?.at === startOfSlot(now) ? startOfSlot(now) : startOfSlot(now) - slotMs
      const first = end - (slotCount - 1) * slotMs
      let held: Slot | undefined
      let next = 0
      const shown = Array.from({ length: slotCount }, (_, index) => {
        const at = first + index * slotMs
        for (let one = slots[next]; one && one.at <= at; one = slots[++next]) held = one
        return held && at - held.at <= validMs ? held.outcome : undefined
      })
      return { at: end, slots: shown }
    },

    degradedSince(now) {
      let since: number | undefined
      for (const { at, outcome } of slots.toReversed()) {
        if (outcome !== 'degraded' || (since ?? now) - at > maxGapMs) break
        since = at
      }
      return since
    },
  }
}

const startOfSlot = (at: number): number => at - (at % slotMs)
