import { ConflictError } from '../../shared/errors.ts'
import type { FoundRun } from '../../store/sqlite/runs/lookup.ts'
import type { Registry } from '../registry/registry.ts'
import { agentToRepeat } from '../runs/rerun.ts'
import { hasEnded } from '../runs/state.ts'

const bulkActions = ['rerun', 'cancel', 'delete'] as const
export type BulkAction = (typeof bulkActions)[number]

const gone = 'This run is gone.'
const ended = 'This run had already ended.'
const ofPython = 'The Python program carries this run out itself; only it can stop it.'
const goingOn = 'This run is still going on. Cancel it first.'

/**
 * Why something is not done to a run, as far as that can be told without its payloads; undefined when nothing is in the
 * way. A run of the Python program may be removed while it goes on: often it is one that nobody will ever end.
 */
export function objection(action: BulkAction, run: FoundRun | undefined, registry: Registry): string | undefined {
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

function objectionToRepeat({ agent, agentId, status }: FoundRun, registry: Registry): string | undefined {
  // A run of an agent that Python recorded says so only by its workflow_name being the agent's id.
  const id = agentId ?? (registry.has(agent) ? agent : undefined)
  try {
    agentToRepeat({ agentId: id, status }, id === undefined ? undefined : registry.find(id))
    return undefined
  } catch (error) {
    if (error instanceof ConflictError) return error.message
    throw error
  }
}
