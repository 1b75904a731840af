import { AgentFailure } from '../../agent/http/failure.ts'
import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/clock.ts'
import { endsWithin } from '../../shared/deadline.ts'
import { AgentUnavailableError, BadAddressError, ConflictError } from '../../shared/errors.ts'
import type { EventStream } from '../events.ts'
import { type CheckFinding, findingOf } from '../health/check.ts'
import type { HealthMonitor } from '../health/monitor.ts'
import type { Agent, RegisteredAgent } from '../registry/agent.ts'
import { type AgentEditRequest, readAgentEdit } from '../registry/edit.ts'
import { type RegistrationRequest, readRegistration } from '../registry/registration.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { readSelfRegistration, type SelfRegistrationRequest } from '../registry/self-registration.ts'
import { agentAt, type Callable } from '../registry/target.ts'

/** Whoever asks for a check now gets an answer by then, whatever the agents do. */
const longestCheckMs = 5000

/** All that people, scripts and agents themselves change in the list of agents. `by` is who asks. */
export function createAgentChanges(deps: {
  registry: Registry
  health: HealthMonitor
  schemas: Schemas
  events: EventStream
  clock: Clock
  registerTimeoutMs: number
}) {
  const { registry, health, schemas, events, clock, registerTimeoutMs } = deps

  /** Throws AgentUnavailableError, and BadAddressError when it is a dashboard that answers. */
  async function checkBeforeSaving(agent: Callable): Promise<CheckFinding> {
    const { url } = agent
    const startedAt = clock.elapsed()
    let record: CheckFinding['record']
    try {
      const { endpoint, ...answer } = await health.ask(agent, registerTimeoutMs, (made) => {
        record = made
      })
      const finding = findingOf(answer, clock.elapsed() - startedAt, registerTimeoutMs)
      if (finding.outcome !== 'down') return { ...finding, endpoint, record }
      throw new AgentUnavailableError(`The agent at ${url} is not healthy: ${finding.reason}.`, 'agent_url')
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      if (error.kind === 'self')
        throw new BadAddressError(`${url} is a dashboard like this one, not an agent. Agents listen on another port.`)
      const hint = error.kind === 'refused' ? '. Is it running?' : '.'
      const failed = error.isUnsent ? 'Cannot connect to' : 'No usable answer from'
      throw new AgentUnavailableError(`${failed} agent at ${url}: ${error.reason}${hint}`, 'agent_url')
    }
  }

  /** The finding, or nothing where the agent may be saved although it does not answer. */
  async function checkUnless(isAnyway: boolean, agent: Callable): Promise<CheckFinding | undefined> {
    try {
      return await checkBeforeSaving(agent)
    } catch (error) {
      if (isAnyway && error instanceof AgentUnavailableError) return undefined
      throw error
    }
  }

  function welcome(agent: Agent, found: CheckFinding | undefined): void {
    health.welcome(agent, found)
    // Only to know the workflow's name early; a form asks again.
    if (found) schemas.fetch(agent).catch(() => undefined)
  }

  async function remove(id: string, by: Actor): Promise<Agent> {
    const agent = registry.get(id)
    await registry.remove(id)
    health.forget(id)
    schemas.forget(agent)
    events.emit('agent-removed', { agentId: id, by })
    return agent
  }

  const isShownExpired = (agent: Agent): boolean => agent.pausedAt === undefined && registry.isExpired(agent)
  const expiredAgents = (): Agent[] => registry.all().filter(isShownExpired)

  async function setPause(id: string, at: number | undefined, by: Actor): Promise<Agent> {
    const agent = await registry.pause(id, at)
    health.update(agent)
    events.emit('agent-changed', { agentId: id, by })
    return agent
  }

  return {
    /**
     * Checks an agent and saves it if it is healthy, over an earlier one of the same id. With `anyway` it is saved also
     * when it does not answer. Throws InvalidInputError, BadAddressError or AgentUnavailableError; then nothing was saved.
     */
    async register(request: RegistrationRequest, by: Actor): Promise<{ agent: Agent; isUpdate: boolean }> {
      const registration = readRegistration(request)
      const found = await checkUnless(isYes(request.anyway), agentAt(registration.url))
      const isUpdate = registry.has(registration.id)
      const agent = await registry.save(registration)
      welcome(agent, found)
      events.emit('agent-registered', { agentId: agent.id, isUpdate, by })
      return { agent, isUpdate }
    },

    /** Saves an agent as it says it is; it is checked afterwards. Throws InvalidInputError. */
    async registerItself(request: SelfRegistrationRequest, by: Actor): Promise<RegisteredAgent> {
      const registration = readSelfRegistration(request, registry.find)
      const isUpdate = registry.has(registration.id)
      const agent = await registry.save(registration)
      health.welcome(agent, undefined)
      events.emit('agent-registered', { agentId: agent.id, isUpdate, by })
      return registry.withLife(agent)
    },

    /** An agent says that it lives. Throws NotFoundError. */
    async beat(id: string, by: Actor): Promise<Agent> {
      const agent = await registry.beat(id)
      health.beat(agent)
      events.emit('heartbeat-received', { agentId: id, by })
      return agent
    },

    /**
     * Changes an agent. A new URL is checked first, unless `anyway`. Throws NotFoundError, InvalidInputError,
     * BadAddressError or AgentUnavailableError; then nothing was saved.
     */
    async edit(id: string, request: AgentEditRequest, by: Actor): Promise<Agent> {
      const before = registry.get(id)
      const edit = readAgentEdit(request, before)
      const hasMoved = edit.url !== before.url
      const found = hasMoved ? await checkUnless(isYes(request.anyway), { ...before, url: edit.url }) : undefined
      const agent = await registry.edit(before, edit)
      if (!hasMoved) health.update(agent)
      else {
        schemas.forget(before)
        welcome(agent, found)
      }
      events.emit('agent-changed', { agentId: id, by })
      return agent
    },

    /** Throws NotFoundError. */
    pause: (id: string, by: Actor): Promise<Agent> => setPause(id, registry.get(id).pausedAt ?? clock.now(), by),

    /** Throws NotFoundError. */
    resume: (id: string, by: Actor): Promise<Agent> => setPause(id, undefined, by),

    /**
     * Has the agent checked now; a check in flight counts. Resolves to whether that has ended within the time that a
     * person waits. Throws NotFoundError, and ConflictError while it is paused.
     */
    async checkNow(id: string, by: Actor): Promise<boolean> {
      const { name, pausedAt } = registry.get(id)
      if (pausedAt !== undefined) throw new ConflictError(`${name} is paused. Resume it to have it checked.`)
      events.emit('check-requested', { agentId: id, by })
      return endsWithin(clock, longestCheckMs, health.checkNow(id))
    },

    /** The same for all agents that are not paused. */
    checkAll(by: Actor): Promise<boolean> {
      events.emit('check-requested', { agentId: undefined, by })
      return endsWithin(clock, longestCheckMs, health.checkAll())
    },

    /** Throws NotFoundError. Runs of the agent stay. */
    remove,

    /** Agents that are shown as expired. */
    expiredAgents,

    /** Removes those that are expired now; of `ids` alone, where given. Resolves to those that were removed. */
    async removeExpired(ids: string[] | undefined, by: Actor): Promise<Agent[]> {
      const removed: Agent[] = []
      const wanted = ids && new Set(ids)
      for (const { id } of expiredAgents()) {
        // Meanwhile it may be there again, or gone.
        const agent = registry.find(id)
        if (agent && isShownExpired(agent) && (wanted?.has(id) ?? true)) removed.push(await remove(id, by))
      }
      return removed
    },
  }
}

function isYes(value: unknown): boolean {
  return value === true || value === '1' || value === 'true'
}
