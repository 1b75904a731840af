import type { Actor } from '../../../shared/actor.ts'
import { type Clock, steadyTime } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'
import type { Agent } from '../../registry/agent.ts'
import { keyOf } from '../idempotency.ts'

/** A run to be carried out. `inputs` is the JSON text of an object and is sent as it is. */
export type RunRequest = {
  agent: Agent
  inputs: string
  /** What is stored instead of the inputs, and the names of the passwords it leaves out. */
  withheld?: { stored: string; fields: string[] } | undefined
  workflow?: string | undefined
  /** The agent's schema, stored with the run to find out later what has changed. */
  schemaText?: string | undefined
  /** One key leads to one run for a day. Other inputs under it are an error in a script, a new run in a form. */
  key?: { scope: 'api' | 'form'; value: string } | undefined
  rerunOf?: string | undefined
}

/**
 * Records a run and resolves as soon as it is on disk; the agent is called after that. `isRepeat`: the key had led to
 * that run already. `via` records it together with something else, and is called at once. Throws AppError (422) when a
 * script uses a key for other inputs.
 */
export type AcceptRun = (
  request: RunRequest,
  by: Actor,
  via?: Pick<RunStore, 'accept'>,
) => Promise<{ runId: string; isRepeat: boolean }>

export function createRunAcceptance(deps: {
  runs: Pick<RunStore, 'accept'>
  newId: () => string
  clock: Clock
  secretInputs: Map<string, string>
  begin: (row: RunRecord) => void
  events: EventStream
}): AcceptRun {
  const { runs, newId, clock, secretInputs, begin, events } = deps
  const keyTime = steadyTime(clock)

  const acceptanceOf = (id: string, request: RunRequest) => {
    const { agent, inputs, withheld, key, schemaText } = request
    return {
      run: () => ({
        id,
        inputs: withheld?.stored ?? inputs,
        startedAt: clock.now(),
        agentId: agent.id,
        workflow: request.workflow,
        agentUrl: agent.url,
        withheld: withheld?.fields ?? [],
        rerunOf: request.rerunOf ?? null,
      }),
      key: key && keyOf(agent.id, inputs, key, keyTime()),
      schemaText,
    }
  }

  return async function accept(request, by, via = runs) {
    const id = newId()
    if (request.withheld) secretInputs.set(id, request.inputs)
    const { run, isRepeat, isSame } = await via.accept(acceptanceOf(id, request)).catch((error) => {
      secretInputs.delete(id)
      throw error
    })
    if (isRepeat) secretInputs.delete(id)
    else {
      events.emit('run-accepted', { runId: id, agentId: request.agent.id, rerunOf: request.rerunOf, by })
      begin(run)
    }
    if (isSame) return { runId: run.id, isRepeat }
    throw new AppError('key-reused', 422, 'This Idempotency-Key was used with other inputs before.', [
      { field: 'Idempotency-Key', message: 'Use a new key for new inputs.' },
    ])
  }
}
