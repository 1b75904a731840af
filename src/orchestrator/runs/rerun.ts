import { ConflictError } from '../../shared/errors.ts'
import { recordedObject } from '../../shared/json/payload.ts'
import { isStrictJson } from '../../shared/json.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { Agent } from '../registry/agent.ts'
import { programOf } from './carried-out.ts'
import type { Run } from './runs.ts'

/** Checks what is known without the inputs. Throws ConflictError. */
export function agentToRepeat(
  { agentId, isReported, status }: Pick<Run, 'agentId' | 'isReported' | 'status'>,
  agent: Agent | undefined,
): Agent {
  const program = programOf({ agentId, isReported })
  if (program !== undefined) throw new ConflictError(`${program} ran this itself. Run it again there.`)
  if (!hasEnded(status))
    throw new ConflictError('This run is still running. Stop waiting for it first, or wait for its end.')
  if (!agent) throw new ConflictError(`The agent "${agentId}" is not registered any more. Register it again first.`)
  return agent
}

/** Throws ConflictError when the run cannot be repeated to the byte. */
export function repeatable(run: Run, agent: Agent | undefined): { agent: Agent; inputs: string } {
  const to = agentToRepeat(run, agent)
  if (run.withheld.length > 0) {
    throw new ConflictError('This run needed a password, which is not kept. Use “Edit and rerun” to enter it.')
  }
  const inputs = recordedObject(run.inputs)
  if (inputs === undefined || !isStrictJson(inputs)) {
    throw new ConflictError('The inputs of this run are not recorded as a JSON object, so they cannot be sent again.')
  }
  return { agent: to, inputs: run.inputs! }
}
