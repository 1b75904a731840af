import { type Actor, starterOf } from '../../../shared/actor.ts'
import { AppError } from '../../../shared/errors.ts'
import type { TraceContext } from '../../../shared/text/traceparent.ts'
import { type Clock, steadyTime } from '../../../shared/time/clock.ts'
import type { RunRecord, RunStore } from '../../../store/ports/runs.ts'
import type { EventStream } from '../../events.ts'
import type { Agent } from '../../registry/agent.ts'
import { keyOf } from '../idempotency.ts'

export type RunRequest = {
  agent: Agent
  inputs: string
  /** Stored instead of the inputs; `fields` are the passwords it leaves out. */
  withheld?: { stored: string; fields: string[] } | undefined
  workflow?: string | undefined
  schemaText?: string | undefined
  /** One key leads to one run for a day. Other inputs under it are an error in a script, a new run in a form. */
  key?: { scope: 'api' | 'form'; value: string } | undefined
  rerunOf?: string | undefined
  /** Of the caller; without it, a trace begins here. */
  trace?: TraceContext | undefined
}

/** Resolves when the run is on disk; the agent is called after that. `via` is called at once. Throws AppError (422)
 * when a script uses a key for other inputs. */
export type AcceptRun = (
  request: RunRequest,
  by: Actor,
  via?: Pick<RunStore, 'accept'>,
) => Promise<{ runId: string; isRepeat: boolean }>

export function createRunAcceptance(deps: {
  runs: Pick<RunStore, 'accept'>
  newId: () => string
  randomHex: (bytes: number) => string
  clock: Clock
  secretInputs: Map<string, string>
  owner: () => string | undefined
  begin: (row: RunRecord, owner: string | undefined) => void
  events: EventStream
}): AcceptRun {
  const { runs, newId, randomHex, clock, secretInputs, begin, owner, events } = deps
  const keyTime = steadyTime(clock)

  const acceptanceOf = (id: string, request: RunRequest, by: Actor, owner: string | undefined) => {
    const { agent, inputs, withheld, key, schemaText } = request
    const { traceId, isSampled } = request.trace ?? { traceId: randomHex(16), isSampled: true }
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
        traceId,
        isSampled,
        owner,
        ...starterOf(by),
      }),
      key: key && keyOf(agent.id, inputs, key, keyTime()),
      schemaText,
    }
  }

  return async function accept(request, by, via = runs) {
    const id = newId()
    const accepting = owner()
    if (request.withheld) secretInputs.set(id, request.inputs)
    const { run, isRepeat, isSame } = await via.accept(acceptanceOf(id, request, by, accepting)).catch((error) => {
      secretInputs.delete(id)
      throw error
    })
    if (isRepeat) secretInputs.delete(id)
    else {
      const { agent, rerunOf } = request
      const ofMany = via === runs ? {} : { isOneOfMany: true as const }
      events.emit('run-accepted', { runId: id, agentId: agent.id, rerunOf, ...ofMany, by })
      begin(run, accepting)
    }
    if (isSame) return { runId: run.id, isRepeat }
    throw new AppError('key-reused', 422, 'This Idempotency-Key was used with other inputs before.', [
      { field: 'Idempotency-Key', message: 'Use a new key for new inputs.' },
    ])
  }
}
