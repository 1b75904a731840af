import { ConflictError } from '../errors.ts'
import { isStrictJson } from '../json.ts'
import type { Agent } from './registry.ts'
import { hasEnded } from './run-state.ts'
import type { Run } from './runs.ts'

/** What is needed to repeat a run to the byte. Throws ConflictError with the reason why that is not possible. */
export function repeatable(run: Run, agent: Agent | undefined): { agent: Agent; inputs: string } {
  if (run.agentId === undefined)
    throw new ConflictError('The Python program carried this run out itself; run it again there.')
  if (!hasEnded(run.status))
    throw new ConflictError('This run is still going on. Cancel it first, or wait for its end.')
  if (!agent) throw new ConflictError(`The agent "${run.agentId}" is not registered any more. Register it again first.`)
  if (run.withheld.length > 0) {
    throw new ConflictError('This run needed a password, which is not kept. Use "Edit and run again" to enter it.')
  }
  const inputs = run.inputs?.trim() ?? ''
  if (!inputs.startsWith('{') || !isStrictJson(inputs)) {
    throw new ConflictError('The inputs of this run are not recorded in a way that could be sent again.')
  }
  return { agent, inputs: run.inputs! }
}
