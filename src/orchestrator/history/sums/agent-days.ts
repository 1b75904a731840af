import type { Clock } from '../../../shared/time/clock.ts'
import type { AgentFigures, TimeRange } from '../../../store/ports/run-figures.ts'
import type { Store } from '../../../store/ports.ts'
import { lastDayAt } from './last-day.ts'

/** What an agent's runs of the last 24 hours come to. Where nothing is known: undefined. */
export type AgentDay = {
  runs: number
  failed: number
  /** Of the runs that completed, failed or were lost, the share that completed: 0 to 1. */
  success: number | undefined
  p50Seconds: number | undefined
  costUsd: number | undefined
}

/** Whole hours, with the current one. An agent without a run in them has no day. */
type AgentDays = { range: TimeRange; of: Map<string, AgentDay> }

export type AgentDayReader = {
  /** May be ten seconds old. */
  read(): Promise<AgentDays>
  /** Moves when `read` has given something else. */
  version(): number
}

const keptMs = 10_000

export function createAgentDays(
  history: Pick<Store['history'], 'agentFigures'>,
  { now, elapsed }: Pick<Clock, 'now' | 'elapsed'>,
): AgentDayReader {
  let kept: { days: Promise<AgentDays>; from: number; readAt: number } | undefined
  let known = ''
  let version = 0

  async function readNow(range: TimeRange): Promise<AgentDays> {
    const figures = await history.agentFigures(range)
    const of = new Map(figures.map((one) => [one.agent, dayOf(one)]))
    const found = JSON.stringify([...of])
    if (found !== known) version++
    known = found
    return { range, of }
  }

  return {
    read() {
      const range = lastDayAt(now())
      if (kept && kept.from === range.from && elapsed() - kept.readAt < keptMs) return kept.days
      const days = readNow(range)
      const reading = { days, from: range.from, readAt: elapsed() }
      kept = reading
      days.catch(() => {
        if (kept === reading) kept = undefined
      })
      return days
    },

    version: () => version,
  }
}

function dayOf({ byStatus, p50, cost }: AgentFigures): AgentDay {
  const of = (status: string) => byStatus.get(status) ?? 0
  const failed = of('failed') + of('lost')
  const ended = of('completed') + failed
  return {
    runs: [...byStatus.values()].reduce((all, runs) => all + runs, 0),
    failed,
    success: ended === 0 ? undefined : of('completed') / ended,
    p50Seconds: p50,
    costUsd: cost ?? undefined,
  }
}
