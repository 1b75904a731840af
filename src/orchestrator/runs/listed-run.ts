import type { FoundRun } from '../../store/ports/run-pages.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from './agent-of-run.ts'
import { causeOf } from './failure-cause.ts'
import type { ListedRun } from './runs.ts'

export function listedRun(found: FoundRun, registry: Registry): ListedRun {
  const { id, workflow, status, startedAt, completedAt, durationSeconds, totalTokens, totalCostUsd } = found
  const { error, inputLine, isReported, startedBy } = found
  const cause = error === null ? '' : causeOf(error).text
  return {
    ...{ id, agentId: agentOfRun(found, registry), workflow, status, startedAt, completedAt },
    ...{ durationSeconds, totalTokens, totalCostUsd, error, cause, inputLine, isReported, startedBy },
  }
}
