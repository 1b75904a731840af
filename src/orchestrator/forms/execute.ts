import type { Actor } from '../../shared/actor.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import { inputErrors } from './inputs.ts'
import { acceptable } from './secrets.ts'

/** Resolves to the run's id before the agent is called. Throws NotFoundError, InvalidInputError (fields are dotted
 * names), and an AppError (422) when its key was used for other inputs. */
export type Execute = (
  agentId: string,
  inputs: string,
  asked: Pick<RunRequest, 'key' | 'trace'>,
  by: Actor,
) => Promise<string>

export function createExecute(deps: {
  registry: Registry
  schemas: Schemas
  executions: Pick<Executions, 'accept'>
}): Execute {
  const { registry, schemas, executions } = deps
  return async (agentId, inputs, asked, by) => {
    const agent = registry.get(agentId)
    let known = await schemas.recall(agent)
    if (!known || inputErrors(known.schema, inputs).length > 0) {
      // The agent may have changed since it was last asked.
      known = (await schemas.fetch(agent).catch(() => undefined)) ?? known
    }
    const errors = known ? inputErrors(known.schema, inputs) : []
    if (errors.length > 0) throw new InvalidInputError(errors)
    return (await executions.accept({ ...acceptable({ agent, ...known }, inputs), ...asked }, by)).runId
  }
}
