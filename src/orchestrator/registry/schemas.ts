import { AgentFailure } from '../../agent/http/failure.ts'
import type { Description, Protocol, ProtocolName } from '../../agent/protocol.ts'
import { AgentUnavailableError } from '../../shared/errors.ts'
import { credentialPhraseIn } from '../../shared/text/credential-words.ts'
import type { AgentStore } from '../../store/ports/agents.ts'
import type { Agent } from './agent.ts'
import type { Registry } from './registry.ts'
import { type Callable, targetOf } from './target.ts'

const timeoutMs = 5000

export type AgentSchema = Description

export type Schemas = {
  recall(agent: Agent): Promise<AgentSchema | undefined>
  /** Asks the agent now. Throws AgentUnavailableError. */
  fetch: (agent: Agent) => Promise<AgentSchema>
  /** Why an agent does not let its schema be read: it asks for a credential. Its health may be open to anyone. */
  locked(agent: Callable): Promise<string | undefined>
  /** Only to know the workflow's name before a form asks. */
  fetchEarly(agent: Agent): void
  forget(agent: Agent): void
}

/** Schemas are kept (on disk too), so that forms are read and runs accepted without waiting for the agent. */
export function createSchemas(
  protocols: Record<ProtocolName, Pick<Protocol, 'describe' | 'readDescription'>>,
  store: AgentStore,
  registry: Pick<Registry, 'find'>,
): Schemas {
  const remembered = new Map<string, AgentSchema>()
  const keyOf = ({ id, url }: Agent) => `${id}\n${url}`

  async function recall(agent: Agent): Promise<AgentSchema | undefined> {
    const inMemory = remembered.get(keyOf(agent))
    if (inMemory) return inMemory
    const text = await store.schema(agent.id)
    const kept = text === undefined ? undefined : protocols[agent.protocol].readDescription(text)
    if (kept) remembered.set(keyOf(agent), kept)
    return kept
  }

  async function keep(agent: Agent, schema: AgentSchema): Promise<void> {
    // Meanwhile it may have been removed, or be at another address.
    if (registry.find(agent.id)?.url !== agent.url) return
    remembered.set(keyOf(agent), schema)
    // What is in memory is not on disk any more after the agent was registered again.
    if ((await store.schema(agent.id)) !== schema.text) await store.saveSchema(agent.id, schema.text)
  }

  async function ask(agent: Agent): Promise<AgentSchema> {
    try {
      const fetched = await protocols[agent.protocol].describe(targetOf(agent), { deadlineMs: timeoutMs })
      await keep(agent, fetched)
      return fetched
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      const message = `Cannot read the schema of the agent at ${agent.url}: ${error.reason}.`
      throw new AgentUnavailableError(message, { agentId: agent.id })
    }
  }

  async function locked(agent: Callable): Promise<string | undefined> {
    try {
      await protocols[agent.protocol].describe(targetOf(agent), { deadlineMs: timeoutMs })
      return undefined
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      return credentialPhraseIn(error.reason) === undefined ? undefined : error.reason
    }
  }

  return {
    recall,
    fetch: ask,
    locked,
    fetchEarly: (agent) => void ask(agent).catch(() => undefined),

    forget(agent) {
      remembered.delete(keyOf(agent))
    },
  }
}
