import type { Protocols } from '../../agent/protocol.ts'
import type { Actor } from '../../shared/actor.ts'
import { turnIfLarge } from '../../shared/turn.ts'
import type { Agent } from '../registry/agent.ts'
import type { Registry } from '../registry/registry.ts'
import type { Executions, RunProgress, RunRequest } from './engine.ts'
import { causeOf, keptOf } from './failure-cause.ts'
import { repeatable } from './rerun.ts'
import type { Runs, RunWithDetails } from './runs.ts'
import { type SentTo, sentTo } from './sent-to.ts'
import { isStoppedWaiting } from './stopped-waiting.ts'

export type FoundRun = RunWithDetails & {
  agent: Agent | undefined
  sentTo: SentTo | undefined
  progress: RunProgress | undefined
  /** Where its trace is shown; undefined where no place is set, or it has no trace. */
  traceUrl: string | undefined
  /** Of its error, without who reports it and what to do; empty where there is none. */
  cause: string
  /** Cancelled here, not by the agent. */
  isStoppedWaiting: boolean
}

export type RunCommands = {
  /** Throws NotFoundError and RunDeletedError. */
  run(id: string): Promise<FoundRun>
  /** The same inputs once more. Throws NotFoundError; ConflictError when that is not possible. */
  repeat(id: string, key: RunRequest['key']): Promise<RunRequest>
  /** Resolves to the id of the new run. Throws as `repeat` does. */
  rerun(id: string, key: RunRequest['key'], by: Actor): Promise<string>
  cancel(id: string, by: Actor): Promise<void>
  ended(runId: string, withinMs: number): Promise<void>
}

export function createRunCommands(deps: {
  runs: Runs
  registry: Registry
  protocols: Protocols
  executions: Pick<Executions, 'accept' | 'cancel' | 'ended' | 'isActive' | 'progress'>
  /** With `{trace_id}`; empty where traces are not linked. */
  traceUrl: string
}): RunCommands {
  const { runs, registry, protocols, executions, traceUrl } = deps
  const agentOf = ({ agentId }: { agentId: string | undefined }) =>
    agentId === undefined ? undefined : registry.find(agentId)

  async function repeat(id: string, key: RunRequest['key']): Promise<RunRequest> {
    const run = await runs.get(id)
    const { agent, inputs } = repeatable(run, agentOf(run))
    return { agent, inputs, workflow: run.workflow, schemaText: await runs.schema(run), key, rerunOf: id }
  }

  return {
    async run(id) {
      const wasActive = executions.isActive(id)
      let details = await runs.details(id)
      // It may have ended while it was read.
      if (wasActive && !executions.isActive(id)) details = await runs.details(id)
      await turnIfLarge(details.run.outputs)
      const agent = agentOf(details.run)
      return {
        ...details,
        agent,
        sentTo: sentTo(protocols, details.run, agent, details.exchanges),
        progress: executions.progress(id),
        traceUrl: linkTo(traceUrl, details.run.traceId),
        cause: causeOf(keptOf(details.run.error)).text,
        isStoppedWaiting: isStoppedWaiting(details.run),
      }
    },

    repeat,

    rerun: async (id, key, by) => (await executions.accept(await repeat(id, key), by)).runId,

    async cancel(id, by) {
      await runs.get(id)
      await executions.cancel(id, by)
    },

    ended: executions.ended,
  }
}

function linkTo(url: string, traceId: string | null): string | undefined {
  return url === '' || traceId === null ? undefined : url.replaceAll('{trace_id}', encodeURIComponent(traceId))
}
