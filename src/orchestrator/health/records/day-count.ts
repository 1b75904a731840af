import { hourMs } from '../../../shared/time/durations.ts'

const hours = 24

type HourCount = { at: number; up: number; down: number; answered: number; latencySum: number }

export type DayCount = {
  add(at: number, isUp: boolean, latencyMs: number | null): void
  uptime(now: number): number | undefined
  /** The mean of each hour, the current one last; undefined where no check was answered. */
  latencies(now: number): (number | undefined)[]
}

/** Counts by the hour, so that lists of agents can show it at no cost. */
export function createDayCount(known: HourCount[]): DayCount {
  let counted = known.map(({ at, up, down, answered, latencySum }) => ({ at, up, down, answered, latencySum }))

  const recent = (now: number) => counted.filter(({ at }) => at > now - hours * hourMs)

  return {
    add(at, isUp, latencyMs) {
      const hour = startOfHour(at)
      let current = counted.at(-1)
      if (current?.at !== hour) {
        current = { at: hour, up: 0, down: 0, answered: 0, latencySum: 0 }
        counted = [...counted.filter((one) => one.at > hour - hours * hourMs), current]
      }
      if (isUp) current.up++
      else current.down++
      if (latencyMs === null) return
      current.answered++
      current.latencySum += latencyMs
    },

    uptime(now) {
      const up = recent(now).reduce((sum, one) => sum + one.up, 0)
      const all = up + recent(now).reduce((sum, one) => sum + one.down, 0)
      return all === 0 ? undefined : up / all
    },

    latencies(now) {
      const first = startOfHour(now) - (hours - 1) * hourMs
      const means: (number | undefined)[] = Array.from({ length: hours })
      for (const { at, answered, latencySum } of recent(now)) {
        if (answered > 0) means[(at - first) / hourMs] = latencySum / answered
      }
      return means
    },
  }
}

const startOfHour = (at: number): number => at - (at % hourMs)
