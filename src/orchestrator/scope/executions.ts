import { NotFoundError } from '../../shared/errors.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Executions } from '../runs/engine.ts'
import type { UsualRuns } from '../runs/usual.ts'
import type { Scope } from './scope.ts'

export type AskedExecutions = Pick<
  Executions,
  'accept' | 'cancel' | 'ended' | 'changes' | 'isActive' | 'progress' | 'soFarSeconds'
>

/** Runs of listed agents. `runs` is the narrowed port. */
export function narrowExecutions(
  executions: AskedExecutions,
  { has }: Scope,
  runs: Pick<RunStore, 'summaries'>,
): AskedExecutions {
  const isOwn = async (id: string) => (await runs.summaries([id])).length > 0

  return {
    async accept(request, ...rest) {
      if (!has(request.agent.id)) throw new NotFoundError('agent', request.agent.id)
      return executions.accept(request, ...rest)
    },

    async cancel(id, ...rest) {
      if (!(await isOwn(id))) throw new NotFoundError('run', id)
      return executions.cancel(id, ...rest)
    },

    async ended(id, withinMs) {
      if (await isOwn(id)) await executions.ended(id, withinMs)
    },

    // Moves whenever a run begins or ends, whosever it is: all that it tells is when to look again.
    changes: executions.changes,

    // These three are asked of runs that were found.
    isActive: executions.isActive,
    soFarSeconds: executions.soFarSeconds,

    progress(id) {
      const progress = executions.progress(id)
      if (!progress?.queued) return progress
      // Runs of others may hold the slots that it waits for.
      const heldBy = progress.queued.heldBy.filter(({ agentId }) => has(agentId))
      return { ...progress, queued: { ...progress.queued, heldBy } }
    },
  }
}

export function narrowUsual(usual: UsualRuns, { has }: Scope): UsualRuns {
  return async (run) => (has(run.agentId ?? run.workflow) ? usual(run) : undefined)
}
