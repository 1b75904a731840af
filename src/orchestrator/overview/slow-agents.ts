import type { OverviewFacts } from '../../store/ports/overview.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'
import { queryOf } from '../history/links.ts'
import { anyValue, type SearchTerm } from '../history/search/terms.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'

export const maxCompared = 1000

/** Of runs with a known duration. `agentId` is undefined for a workflow of the Python program. */
export type SlowAgent = {
  name: string
  agentId: string | undefined
  runs: number
  meanSeconds: number
  worst: { id: string; seconds: number; among: number | undefined } | undefined
  query: string
}

const hasDuration: SearchTerm[] = [{ kind: 'duration', compare: ':', value: anyValue, isNot: false }]

export function slowAgent(
  { agent, runs, meanSeconds, longest }: OverviewFacts['slowest'][number],
  day: TimeRange,
  registry: Registry,
): SlowAgent {
  return {
    name: agent,
    agentId: agentOfRun({ agent, agentId: longest?.agentId ?? null }, registry),
    runs,
    meanSeconds,
    worst: longest && {
      id: longest.id,
      seconds: longest.durationSeconds,
      among: runs > maxCompared ? maxCompared : undefined,
    },
    query: queryOf({ agents: [agent], ...day }, hasDuration, 'duration'),
  }
}
