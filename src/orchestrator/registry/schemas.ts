import { AgentFailure } from '../../agent/http/failure.ts'
import type { Description, Protocol, ProtocolName } from '../../agent/protocol.ts'
import { readInputSchema } from '../../agent/schema/input-schema.ts'
import { AgentUnavailableError } from '../../shared/errors.ts'
import type { AgentTable } from '../../store/sqlite/agents/agents.ts'
import type { Agent } from './registry.ts'
import { targetOf } from './target.ts'

const timeoutMs = 5000

export type AgentSchema = Description

export type Schemas = ReturnType<typeof createSchemas>

/**
 * The schemas of agents: asked for when a form is opened, remembered (on disk too) so that a form can be read back,
 * and a run accepted, without waiting for the agent.
 */
export function createSchemas(protocols: Record<ProtocolName, Pick<Protocol, 'describe'>>, table: AgentTable) {
  const remembered = new Map<string, AgentSchema>()
  const keyOf = ({ id, url }: Agent) => `${id}\n${url}`

  function recall(agent: Agent): AgentSchema | undefined {
    const inMemory = remembered.get(keyOf(agent))
    if (inMemory) return inMemory
    const text = table.schemaOf(agent.id)
    const schema = text === null ? undefined : readInputSchema(text)
    if (text === null || schema === undefined || typeof schema === 'string') return undefined
    remembered.set(keyOf(agent), { text, schema })
    return { text, schema }
  }

  return {
    /** The schema the agent last gave, if it ever gave one. */
    recall,

    /** Asks the agent now. Throws AgentUnavailableError with a sentence. */
    async fetch(agent: Agent): Promise<AgentSchema> {
      try {
        const fetched = await protocols[agent.protocol].describe(targetOf(agent), { deadlineMs: timeoutMs })
        const isNew = recall(agent)?.text !== fetched.text
        remembered.set(keyOf(agent), fetched)
        if (isNew) await table.saveSchema(agent.id, fetched.text)
        return fetched
      } catch (error) {
        if (!(error instanceof AgentFailure)) throw error
        throw new AgentUnavailableError(`Cannot read the schema of the agent at ${agent.url}: ${error.reason}.`)
      }
    },

    forget(agent: Agent): void {
      remembered.delete(keyOf(agent))
    },
  }
}
