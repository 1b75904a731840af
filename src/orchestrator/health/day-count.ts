import { hourMs } from '../../shared/durations.ts'

const hours = 24

type HourCount = { at: number; up: number; down: number }

export type DayCount = {
  add(at: number, isUp: boolean): void
  /** The share of good checks, 0 to 1; undefined when there were none. */
  uptime(now: number): number | undefined
}

/** Counts by the hour, so that lists of agents can show it at no cost. */
export function createDayCount(known: HourCount[]): DayCount {
  let counted = known.map(({ at, up, down }) => ({ at, up, down }))

  return {
    add(at, isUp) {
      const hour = at - (at % hourMs)
      let current = counted.at(-1)
      if (current?.at !== hour) {
        current = { at: hour, up: 0, down: 0 }
        counted = [...counted.filter((one) => one.at > hour - hours * hourMs), current]
      }
      if (isUp) current.up++
      else current.down++
    },

    uptime(now) {
      const recent = counted.filter(({ at }) => at > now - hours * hourMs)
      const up = recent.reduce((sum, one) => sum + one.up, 0)
      const all = up + recent.reduce((sum, one) => sum + one.down, 0)
      return all === 0 ? undefined : up / all
    },
  }
}
