import { ConflictError } from '../../shared/errors.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { BulkAction } from '../../store/ports/bulk.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import { agentToRepeat } from '../runs/rerun.ts'
import type { CandidateRun } from './targets.ts'

export const runGone = 'This run is gone.'
const ended = 'This run had already ended.'
const ofPython = 'The Python program carries this run out itself; only it can stop it.'
const running = 'This run is still running. Stop waiting for it first.'

/** Why an action leaves a run out. A local run may be deleted while it is running: often nobody will ever end it. */
export function objection(action: BulkAction, run: CandidateRun | undefined, registry: Registry): string | undefined {
  if (!run) return runGone
  const { agentId, status } = run
  switch (action) {
    case 'delete':
      return agentId !== null && !hasEnded(status) ? running : undefined
    case 'cancel':
      return hasEnded(status) ? ended : agentId === null ? ofPython : undefined
    case 'rerun':
      return objectionToRepeat(run, registry)
  }
}

function objectionToRepeat({ agent, agentId, status }: CandidateRun, registry: Registry): string | undefined {
  const id = agentOfRun({ agent, agentId }, registry)
  try {
    agentToRepeat({ agentId: id, status }, id === undefined ? undefined : registry.find(id))
    return undefined
  } catch (error) {
    if (error instanceof ConflictError) return error.message
    throw error
  }
}
