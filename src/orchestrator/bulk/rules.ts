import { ConflictError } from '../../shared/errors.ts'
import type { ActorRole } from '../../shared/role.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { BulkAction } from '../../store/ports/bulk.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import { onlyItStops, programOf } from '../runs/carried-out.ts'
import { agentToRepeat } from '../runs/rerun.ts'
import type { CandidateRun } from './targets.ts'

export const runGone = 'This run is gone.'
const ended = 'This run had already ended.'
const running = 'This run is still running. Stop waiting for it first.'

export const roleFor = (action: BulkAction): ActorRole => (action === 'delete' ? 'admin' : 'operator')

/** A run that another program carries out may be deleted while it is running: often nobody will ever end it. */
export function objection(action: BulkAction, run: CandidateRun | undefined, registry: Registry): string | undefined {
  if (!run) return runGone
  const { status } = run
  const program = programOf(run)
  switch (action) {
    case 'delete':
      return program === undefined && !hasEnded(status) ? running : undefined
    case 'cancel':
      return hasEnded(status) ? ended : program && onlyItStops(program)
    case 'rerun':
      return objectionToRepeat(run, registry)
  }
}

function objectionToRepeat(
  { agent, agentId, isReported, status }: CandidateRun,
  registry: Registry,
): string | undefined {
  const id = agentOfRun({ agent, agentId }, registry)
  try {
    agentToRepeat({ agentId: id, isReported, status }, id === undefined ? undefined : registry.find(id))
    return undefined
  } catch (error) {
    if (error instanceof ConflictError) return error.message
    throw error
  }
}
