import { ConflictError } from '../../shared/errors.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { BulkAction } from '../../store/ports/bulk.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import { agentToRepeat } from '../runs/rerun.ts'
import type { CandidateRun } from './targets.ts'

const gone = 'This run is gone.'
const ended = 'This run had already ended.'
const ofPython = 'The Python program carries this run out itself; only it can stop it.'
const goingOn = 'This run is still going on. Cancel it first.'

/**
 * Why something is not done to a run, as far as that can be told without its payloads; undefined when nothing is in the
 * way. A run of the Python program may be removed while it goes on: often it is one that nobody will ever end.
 */
export function objection(action: BulkAction, run: CandidateRun | undefined, registry: Registry): string | undefined {
  if (!run) return gone
  const { agentId, status } = run
  switch (action) {
    case 'delete':
      return agentId !== null && !hasEnded(status) ? goingOn : undefined
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
