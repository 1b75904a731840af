import type { OverviewFacts } from '../../store/ports/overview.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'
import type { FoundRun } from '../../store/ports/run-pages.ts'
import { queryOf } from '../history/links.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import { listedRun } from '../runs/listed-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { groupFailures } from './failure-groups.ts'

const maxCauses = 8

type Failures = OverviewFacts['failures']

/** `grouped`: how many of the `runs`, the newest; `more`: causes beyond these. */
export type FailureCauses = {
  time: 'day' | 'week'
  runs: number
  grouped: number
  causes: {
    name: string
    agentId: string | undefined
    cause: string
    runs: number
    newest: ListedRun
    query: string
  }[]
  more: number
  query: string
}

export function failureCauses(
  failures: Failures,
  { from, to }: TimeRange,
  time: FailureCauses['time'],
  registry: Registry,
): FailureCauses {
  const { runs, since } = groupable(failures, from)
  const groups = groupFailures(runs)
  const failed = { statuses: ['failed'], from, to }
  return {
    time,
    runs: failures.all,
    grouped: runs.length,
    causes: groups.slice(0, maxCauses).map(({ agent, cause, pattern, runs, newest }) => ({
      name: agent,
      agentId: agentOfRun(newest, registry),
      cause,
      runs,
      newest: listedRun(newest, registry),
      query: queryOf({ ...failed, from: since, agents: [agent] }, [{ kind: 'cause', value: pattern, isNot: false }]),
    })),
    more: Math.max(0, groups.length - maxCauses),
    query: queryOf(failed),
  }
}

/** Where there are too many, those since a moment, so that a link leads to just these. */
function groupable({ newest, isMore }: Failures, from: number): { runs: FoundRun[]; since: number } {
  if (!isMore) return { runs: newest, since: from }
  const oldest = newest.at(-1)!.startedAt
  const since = newest.filter(({ startedAt }) => startedAt > oldest)
  return since.length > 0 ? { runs: since, since: oldest + 1 } : { runs: newest, since: oldest }
}
