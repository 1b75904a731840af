import { hourMs } from '../../shared/time/durations.ts'
import type { Failure, OverviewFacts } from '../../store/ports/overview.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'
import { queryOf } from '../history/links.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import { causeOf } from '../runs/failure-cause.ts'

/** Of runs that failed for the same cause. `agentId` is undefined for a workflow of the Python program. */
export type TopError = {
  /** The error's own words where all have the same; empty when none was recorded. */
  cause: string
  runs: number
  /** How many failed in each hour of the range. */
  hours: number[]
  latestAt: number
  agents: { name: string; agentId: string | undefined; runs: number }[]
  query: string
}

/** `grouped`: how many of the `runs`, the newest. */
export type TopErrors = { runs: number; grouped: number; list: TopError[]; query: string }

type Group = { cause: string; pattern: string; failures: Failure[] }

const maxErrors = 5

export function topErrors(
  failures: OverviewFacts['failures'],
  range: TimeRange,
  registry: Pick<Registry, 'has'>,
): TopErrors {
  const { grouped, since } = groupable(failures, range.from)
  const groups = groupByCause(grouped)
  const failed = { statuses: ['failed'], to: range.to }
  return {
    runs: failures.all,
    grouped: grouped.length,
    list: groups.slice(0, maxErrors).map(({ cause, pattern, failures }) => ({
      cause,
      runs: failures.length,
      hours: byHour(failures, range),
      latestAt: failures[0]!.startedAt,
      agents: agentsOf(failures, registry),
      query: queryOf({ ...failed, from: since }, [{ kind: 'cause', value: pattern, isNot: false }]),
    })),
    query: queryOf({ ...failed, from: range.from }),
  }
}

/** Where there are too many, those since a moment, so that a link leads to just these. */
function groupable({ newest, isMore }: OverviewFacts['failures'], from: number): { grouped: Failure[]; since: number } {
  if (!isMore) return { grouped: newest, since: from }
  const oldest = newest.at(-1)!.startedAt
  const later = newest.filter(({ startedAt }) => startedAt > oldest)
  return later.length > 0 ? { grouped: later, since: oldest + 1 } : { grouped: newest, since: oldest }
}

/** Failures come newest first; groups come largest first, then newest. */
function groupByCause(failures: Failure[]): Group[] {
  const groups = new Map<string, Group>()
  for (const failure of failures) {
    const { text, pattern } = causeOf(failure.error)
    const key = pattern.toLowerCase()
    const group = groups.get(key)
    if (!group) {
      groups.set(key, { cause: text, pattern, failures: [failure] })
      continue
    }
    group.failures.push(failure)
    if (group.cause !== text) group.cause = group.pattern
  }
  return [...groups.values()].sort((a, b) => b.failures.length - a.failures.length)
}

function byHour(failures: Failure[], { from, to }: TimeRange): number[] {
  const hours = Array.from({ length: (to - from) / hourMs }, () => 0)
  for (const { startedAt } of failures) hours[Math.floor((startedAt - from) / hourMs)]!++
  return hours
}

function agentsOf(failures: Failure[], registry: Pick<Registry, 'has'>): TopError['agents'] {
  return [...Map.groupBy(failures, ({ agent }) => agent)]
    .map(([name, some]) => ({ name, agentId: agentOfRun(some[0]!, registry), runs: some.length }))
    .sort((a, b) => b.runs - a.runs)
}
