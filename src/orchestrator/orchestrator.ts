import type { AgentClient } from '../agent/client.ts'
import { AgentFailure } from '../agent/failure.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { AgentUnavailableError, BadAddressError, InvalidInputError } from '../errors.ts'
import { createAgentTable } from '../store/agents.ts'
import type { Store } from '../store/open.ts'
import { createRunTable } from '../store/runs.ts'
import { acceptable, createExecuteForms } from './execute-forms.ts'
import { createExecutions, type RunRequest } from './executions.ts'
import { createHealthMonitor, type Health } from './health.ts'
import { inputMistakes } from './inputs.ts'
import { type RegistrationRequest, readRegistration } from './registration.ts'
import { type Agent, createRegistry } from './registry.ts'
import { repeatable } from './rerun.ts'
import { createRuns, type RunQuery } from './runs.ts'
import { type AgentSchema, createSchemas } from './schemas.ts'

export type Orchestrator = ReturnType<typeof createOrchestrator>

/** `agents` in the order of their names; `checkedAt` is when the last round of checks began. */
export type AgentList = { agents: (Agent & { health: Health })[]; checkedAt: number | undefined; intervalMs: number }

const dayMs = 86_400_000

/**
 * The one service that pages, scripts and agents talk to. Everything it needs of the outside is passed in. `start`
 * begins the health checks and goes on with runs that had not ended.
 */
export function createOrchestrator(deps: {
  store: Store
  client: AgentClient
  clock: Clock
  newId: () => string
  random: () => number
  config: Config
  onError: (error: unknown, what: string) => void
}) {
  const { store, client, clock, newId, random, config, onError } = deps
  const agentTable = createAgentTable(store)
  const runTable = createRunTable(store)
  const registry = createRegistry(agentTable, store.revision, clock)
  const schemas = createSchemas(client, agentTable)
  const runs = createRuns(runTable, registry, store.revision)
  const health = createHealthMonitor({
    client,
    clock,
    agents: registry.all,
    agent: registry.find,
    intervalMs: config.healthIntervalSeconds * 1000,
    timeoutMs: config.healthTimeoutSeconds * 1000,
    onError: (error) => onError(error, 'health checks'),
  })
  const executions = createExecutions({
    client,
    runs: runTable,
    clock,
    newId,
    random,
    limits: {
      runTimeoutMs: config.runTimeoutSeconds * 1000,
      jobTimeoutMs: config.jobTimeoutSeconds * 1000,
      perAgent: config.runsPerAgent,
      inAll: config.runsInAll,
    },
    onError: (error, runId) => onError(error, `run ${runId}`),
  })

  const withHealth = (agent: Agent) => ({ ...agent, health: health.of(agent.id) })

  async function checkBeforeSaving(
    url: string,
  ): Promise<{ state: 'healthy' | 'degraded'; reason: string | undefined }> {
    try {
      const { verdict, reason } = await health.ask(url, config.registerTimeoutSeconds * 1000)
      if (verdict !== 'unhealthy') return { state: verdict, reason }
      throw new AgentUnavailableError(`The agent at ${url} is not healthy: ${reason}.`, 'agent_url')
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error
      if (error.kind === 'self')
        throw new BadAddressError(`${url} is a dashboard like this one, not an agent. Agents listen on another port.`)
      const hint = error.kind === 'refused' ? '. Is it running?' : '.'
      throw new AgentUnavailableError(`Cannot connect to agent at ${url}: ${error.reason}${hint}`, 'agent_url')
    }
  }

  return {
    start(): void {
      health.start()
      executions.resume()
    },

    async close(): Promise<void> {
      health.stop()
      await executions.close()
      await store.close()
    },

    databasePath: store.path,

    agents: (): AgentList => ({
      agents: registry.all().map(withHealth),
      checkedAt: health.checkedAt(),
      intervalMs: config.healthIntervalSeconds * 1000,
    }),

    /** Resolves when every agent has been checked once. Never later than the limit of one check. */
    firstChecks: health.firstChecks,

    /** Moves whenever the agent list may look different. */
    agentsRevision: (): string => `${store.revision()} ${health.revision()}`,

    /** Throws NotFoundError. */
    agent: (id: string) => withHealth(registry.get(id)),

    /** An agent and what removing it would leave behind. Throws NotFoundError. */
    agentWithRuns: (id: string) => ({ agent: registry.get(id), runs: runs.countOf({ agent: id }) }),

    /**
     * Checks an agent and saves it if it is healthy, over an earlier one of the same id. Throws InvalidInputError,
     * BadAddressError or AgentUnavailableError; then nothing was saved.
     */
    async register(request: RegistrationRequest): Promise<{ agent: Agent; isUpdate: boolean }> {
      const registration = readRegistration(request)
      const finding = await checkBeforeSaving(registration.url)
      const isUpdate = registry.has(registration.id)
      const agent = await registry.save(registration)
      health.note(agent.id, finding)
      // Only to know the workflow's name early; a form asks again.
      schemas.fetch(agent).catch(() => undefined)
      return { agent, isUpdate }
    },

    /** Throws NotFoundError. Runs of the agent stay. */
    async remove(id: string): Promise<Agent> {
      const agent = registry.get(id)
      await registry.remove(id)
      health.forget(id)
      schemas.forget(agent)
      return agent
    },

    /** What the agent says now. Throws NotFoundError, AgentUnavailableError. */
    async schema(id: string): Promise<AgentSchema & { agent: Agent }> {
      const agent = registry.get(id)
      return { agent, ...(await schemas.fetch(agent)) }
    },

    /** The form of an agent: shown, changed by its buttons, carried out. */
    forms: createExecuteForms({
      currentSchema: async (id) => {
        const agent = registry.get(id)
        return { agent, ...(await schemas.fetch(agent)) }
      },
      // What the agent said last: a form that was shown can be shown again, also when the agent is gone by now.
      knownSchema: async (id) => {
        const agent = registry.get(id)
        return { agent, ...(schemas.recall(agent) ?? (await schemas.fetch(agent))) }
      },
      run: runs.get,
      latestInputs: runTable.latestInputs,
      executions,
      newToken: newId,
    }),

    /**
     * Accepts a run from the JSON text of an object, and resolves to its id before the agent has heard of it. An agent
     * that cannot be asked for its schema is sent what was given. Throws NotFoundError, InvalidInputError (fields are
     * dotted names), and an AppError (422) when `key` has been used for other inputs.
     */
    async execute(id: string, inputs: string, key?: RunRequest['key']): Promise<string> {
      const agent = registry.get(id)
      let known = schemas.recall(agent)
      if (!known || inputMistakes(known.schema, inputs).length > 0) {
        // Before anything is refused: the agent may have been changed since it was last asked.
        known = (await schemas.fetch(agent).catch(() => undefined)) ?? known
      }
      const mistakes = known ? inputMistakes(known.schema, inputs) : []
      if (mistakes.length > 0) throw new InvalidInputError(mistakes)
      return (await executions.accept({ ...acceptable({ agent, ...known }, inputs), key })).runId
    },

    /** Resolves when a run has ended, or when that took longer than `withinMs`. */
    ended: (runId: string, withinMs: number): Promise<void> => executions.ended(runId, withinMs),

    runs: (query: RunQuery) => runs.list(query),

    /** A run with all that is known of it, and its agent while that is registered. Throws NotFoundError. */
    run(id: string) {
      const history = runs.history(id)
      const { agentId } = history.run
      const agent = agentId === undefined ? undefined : registry.find(agentId)
      return { ...history, agent, progress: executions.progress(id) }
    },

    /** Stops waiting for a run. Throws NotFoundError, ConflictError. */
    cancel: (id: string): Promise<void> => executions.cancel(id),

    /**
     * Accepts a new run with exactly the inputs of an earlier one; resolves to its id. Throws NotFoundError, and
     * ConflictError when the earlier one goes on, or cannot be repeated as it was.
     */
    async rerun(id: string, key?: RunRequest['key']): Promise<string> {
      const run = runs.get(id)
      const agent = run.agentId === undefined ? undefined : registry.find(run.agentId)
      const { agent: to, inputs } = repeatable(run, agent)
      const { schemaText, workflow } = run
      const request = { agent: to, inputs, workflow, schemaText: schemaText ?? undefined, key, rerunOf: id }
      return (await executions.accept(request)).runId
    },

    /** A token under which a form is carried out once. */
    newToken: newId,

    overview() {
      const today = Math.floor(clock.now() / dayMs) * dayMs
      return { agents: this.agents().agents, ...runs.summary(today) }
    },

    now: () => clock.now(),
  }
}
