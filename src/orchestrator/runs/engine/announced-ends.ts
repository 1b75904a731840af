import { hasEnded } from '../../../shared/run-status.ts'
import type { RunStore } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'

/** Emits `run-ended` for each change that ends a run. A run that has ended is never changed again. */
export function withAnnouncedEnds<T extends Pick<RunStore, 'change'>>(runs: T, events: EventStream): T {
  return {
    ...runs,
    async change(...change: Parameters<RunStore['change']>) {
      const decided = await runs.change(...change)
      if (decided?.isChanged && hasEnded(decided.run.status)) {
        const { id, agent, status, durationSeconds, totalTokens, totalCostUsd } = decided.run
        events.emit('run-ended', { runId: id, agentId: agent, status, durationSeconds, totalTokens, totalCostUsd })
      }
      return decided
    },
  }
}
