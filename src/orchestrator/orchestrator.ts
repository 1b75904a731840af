import type { Probe } from '../agent/http/probe.ts'
import type { Protocols } from '../agent/protocol.ts'
import type { Config } from '../config.ts'
import type { Actor } from '../shared/actor.ts'
import type { Clock } from '../shared/clock.ts'
import { InvalidInputError } from '../shared/errors.ts'
import type { Store } from '../store/ports.ts'
import { createAgentChanges } from './agents/changes.ts'
import { createAgentPages } from './agents/page.ts'
import { createBulkJobs } from './bulk/actions.ts'
import { createRunComparison } from './compare/runs.ts'
import { createDoctor } from './doctor/doctor.ts'
import type { EventStream } from './events.ts'
import { acceptable, createExecuteForms } from './forms/forms.ts'
import { inputMistakes } from './forms/inputs.ts'
import { createIncidents } from './health/incidents.ts'
import { createHealthMonitor } from './health/monitor.ts'
import { createHealthRecorder } from './health/recorder.ts'
import type { Health } from './health/shown.ts'
import { createAgentWork } from './health/work.ts'
import { createRunExport } from './history/export.ts'
import { createHistoryIndex } from './history/indexing.ts'
import { createRunLists } from './history/list.ts'
import { createRunQueries } from './history/queries.ts'
import { createRunNodes } from './nodes/nodes.ts'
import { createRunOverview } from './overview/overview.ts'
import type { Agent, RegisteredAgent } from './registry/agent.ts'
import { createRegistry } from './registry/registry.ts'
import { type AgentSchema, createSchemas } from './registry/schemas.ts'
import { deletedRun } from './runs/deleted-runs.ts'
import { createExecutions, type RunProgress, type RunRequest } from './runs/engine.ts'
import { repeatable } from './runs/rerun.ts'
import { createRuns, type RunWithDetails } from './runs/runs.ts'
import { type SentTo, sentTo } from './runs/sent-to.ts'
import { createSystem } from './system/system.ts'

export type Orchestrator = ReturnType<typeof createOrchestrator>

/** A run, its agent while that is registered, and how it goes while it is carried out here. */
export type FoundRun = RunWithDetails & {
  agent: Agent | undefined
  sentTo: SentTo | undefined
  progress: RunProgress | undefined
}

/** `agents` in the order of their names; `checkedAt` is when the last check ended. */
export type AgentList = {
  agents: (Agent & { health: Health })[]
  checkedAt: number | undefined
  intervalMs: number
  /** So many agents failed at once that it may be this machine that is offline. */
  mayBeOffline: boolean
}

/**
 * The one service that pages, scripts and agents talk to. Everything it needs of the outside is passed in. `start`
 * begins the health checks and the reading of older rows, and goes on with runs that had not ended; it resolves when the
 * health of all agents is known, as far as it is on record.
 */
export function createOrchestrator(deps: {
  store: Store
  protocols: Protocols
  probe: Probe
  clock: Clock
  newId: () => string
  random: () => number
  config: Config
  events: EventStream
}) {
  const { store, protocols, probe, clock, newId, random, config, events } = deps
  const registry = createRegistry(store.agents, clock)
  const schemas = createSchemas(protocols, store.agents)
  const runs = createRuns(store.runs, registry, (id) => deletedRun(id, config, clock.now()))
  const runList = createRunLists({ store, registry, schemas, now: clock.now })
  const runOverview = createRunOverview({ store, registry, clock })
  const nodes = createRunNodes(store.runs)
  const work = createAgentWork(protocols, clock.elapsed)
  const executions = createExecutions({
    protocols: work.protocols,
    runs: store.runs,
    clock,
    newId,
    random,
    limits: {
      runTimeoutMs: config.runTimeoutSeconds * 1000,
      jobTimeoutMs: config.jobTimeoutSeconds * 1000,
      perAgent: config.runsPerAgent,
      inAll: config.runsInAll,
    },
    writable: store.writable,
    fault: store.fault,
    callable: registry.callable,
    events,
  })
  const history = createHistoryIndex({ store, clock, events })
  events.on('history-read', executions.resume)
  const system = createSystem({ store, clock, config, history, events })
  const recorder = createHealthRecorder({
    store: store.health,
    clock,
    agentIds: () => registry.all().map(({ id }) => id),
    events,
  })
  const health = createHealthMonitor({
    protocols,
    clock,
    random,
    refreshAgents: registry.refresh,
    agents: registry.all,
    version: registry.version,
    runsOn: executions.runsOn,
    isWorking: work.isWorking,
    isExpired: registry.isExpired,
    recorder,
    intervalMs: config.healthIntervalSeconds * 1000,
    timeoutMs: config.healthTimeoutSeconds * 1000,
    events,
  })
  events.on('agent-answered', ({ agentId, url }) => health.alive(agentId, url))
  const changes = createAgentChanges({
    registry,
    health,
    schemas,
    events,
    clock,
    registerTimeoutMs: config.registerTimeoutSeconds * 1000,
  })

  const doctor = createDoctor({
    protocols,
    probe,
    agents: registry.all,
    answerMs: config.registerTimeoutSeconds * 1000,
    healthCheckMs: config.healthTimeoutSeconds * 1000,
    elapsed: clock.elapsed,
  })

  const bulk = createBulkJobs({
    store,
    registry,
    executions,
    repeat,
    slots: config.runsInAll,
    clock,
    newId,
    historyState: history.state,
    events,
  })

  /** What repeats a run. Throws NotFoundError and ConflictError. */
  async function repeat(id: string, key: RunRequest['key']): Promise<RunRequest> {
    const run = await runs.get(id)
    const agent = run.agentId === undefined ? undefined : registry.find(run.agentId)
    const { agent: to, inputs } = repeatable(run, agent)
    return { agent: to, inputs, workflow: run.workflow, schemaText: await runs.schema(run), key, rerunOf: id }
  }

  const processId = newId()
  const agentsRevision = () => `${processId}.${registry.version()}.${health.revision()}.${executions.changes()}`
  const withHealth = (agent: Agent) => ({ ...agent, health: health.of(agent) })
  const usualChecks = {
    intervalMs: config.healthIntervalSeconds * 1000,
    timeoutMs: config.healthTimeoutSeconds * 1000,
  }
  const agentPage = createAgentPages({
    agent: (id) => withHealth(registry.get(id)),
    usualChecks,
    store: store.health,
    incidents: createIncidents({
      store: store.health,
      now: clock.now,
      maxRunMs: (config.runTimeoutSeconds + config.jobTimeoutSeconds) * 1000,
    }),
    runs: runList,
    schemas,
    answerOf: health.answerOf,
    now: clock.now,
  })

  return {
    async start(): Promise<void> {
      recorder.start()
      const watched = health.start()
      executions.resume()
      executions.start()
      bulk.start()
      history.start()
      system.start()
      await watched
    },

    async close(): Promise<void> {
      health.stop()
      await bulk.stopWork()
      await Promise.all([history.stop(), system.close(), executions.close()])
      await recorder.close()
      await store.close()
    },

    /** The agents of the runs in flight, which `close` waits for; one for each run. */
    agentsAtWork: executions.agentsAtWork,

    /** For a process that ends without `close`. */
    abandon: store.abandon,

    databasePath: store.path,

    /** Why nothing can be saved now; undefined while all is well. */
    storageFault: store.fault,

    /** Gives what to tell of an error: an AppError where the database file is at fault. */
    explain: store.explain,

    /** What is done to many runs at once. */
    bulk,

    exportRuns: createRunExport({ history: store.history, registry, now: clock.now, historyState: history.state }),

    /** The database file as such. */
    system,

    /** What lists and searches do not have yet of what is in the file. */
    historyState: history.state,

    agents: (): AgentList => ({
      agents: registry.all().map(withHealth),
      checkedAt: health.checkedAt(),
      intervalMs: config.healthIntervalSeconds * 1000,
      mayBeOffline: health.mayBeOffline(),
    }),

    /**
     * Takes in what another program has changed of agents. Until then, what is known here is a second old at most: so
     * often the monitor looks.
     */
    refreshAgents: registry.refresh,

    /** Moves whenever the agent list may look different; no two processes give the same. */
    agentsRevision,

    ...changes,

    /** What stands at a URL before it is registered; `typedId` is the id it is to have. Nothing is saved. */
    diagnose: doctor.diagnose,

    /** Throws NotFoundError. */
    agent: (id: string) => withHealth(registry.get(id)),

    /** All that is known of an agent. Throws NotFoundError. */
    agentPage,

    /** Moves whenever an agent's page may look different. */
    revision(): string {
      return `${agentsRevision()}.${store.revision()}`
    },

    /** An agent, and how agents are checked that say nothing else. Throws NotFoundError. */
    agentToEdit: (id: string) => ({ agent: registry.get(id), usualChecks }),

    /** What an agent last gave as its schema; undefined when it never gave one. Throws NotFoundError. */
    knownSchema: async (id: string): Promise<string | undefined> => (await schemas.recall(registry.get(id)))?.text,

    /** The agents as their registry tells of them: newest first, those whose time has passed only where wanted. */
    registered: (isWithDead: boolean): RegisteredAgent[] =>
      registry.newestFirst().filter(({ isAlive }) => isWithDead || isAlive),

    /** Throws NotFoundError. */
    registration: (id: string): RegisteredAgent => registry.withLife(registry.get(id)),

    /** An agent and what removing it would leave behind. Throws NotFoundError. */
    agentWithRuns: async (id: string) => ({ agent: registry.get(id), runs: await runList.countOf(id) }),

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
        return { agent, ...((await schemas.recall(agent)) ?? (await schemas.fetch(agent))) }
      },
      runs,
      latestInputs: store.runs.latestInputs,
      executions,
      newToken: newId,
    }),

    /**
     * Accepts a run from the JSON text of an object, and resolves to its id before the agent has heard of it. An agent
     * that cannot be asked for its schema is sent what was given. Throws NotFoundError, InvalidInputError (fields are
     * dotted names), and an AppError (422) when `key` has been used for other inputs.
     */
    async execute(id: string, inputs: string, key: RunRequest['key'], by: Actor): Promise<string> {
      const agent = registry.get(id)
      let known = await schemas.recall(agent)
      if (!known || inputMistakes(known.schema, inputs).length > 0) {
        // Before anything is refused: the agent may have been changed since it was last asked.
        known = (await schemas.fetch(agent).catch(() => undefined)) ?? known
      }
      const mistakes = known ? inputMistakes(known.schema, inputs) : []
      if (mistakes.length > 0) throw new InvalidInputError(mistakes)
      return (await executions.accept({ ...acceptable({ agent, ...known }, inputs), key }, by)).runId
    },

    /** Resolves when a run has ended, or when that took longer than `withinMs`. */
    ended: (runId: string, withinMs: number): Promise<void> => executions.ended(runId, withinMs),

    /** A run with all that is known of it, and its agent while that is registered. Throws NotFoundError. */
    async run(id: string): Promise<FoundRun> {
      const wasUnderWay = executions.isUnderWay(id)
      let details = await runs.details(id)
      // What ended while it was read would be shown as running, and nobody at work on it.
      if (wasUnderWay && !executions.isUnderWay(id)) details = await runs.details(id)
      const { agentId } = details.run
      const agent = agentId === undefined ? undefined : registry.find(agentId)
      return { ...details, agent, sentTo: sentTo(protocols, details.run, agent), progress: executions.progress(id) }
    },

    /** Pages of the history, their counts and charts. */
    runList,

    /** Queries of the history as addresses have them. */
    runQueries: createRunQueries(store.history, clock.now),

    /** What the nodes of a run did, as far as the Python program saved it. */
    nodes,

    /** Two runs beside each other. */
    comparison: createRunComparison(runs, store.runs),

    /** Stops waiting for a run. Throws NotFoundError, RunDeletedError, ConflictError. */
    async cancel(id: string, by: Actor): Promise<void> {
      await runs.get(id)
      await executions.cancel(id, by)
    },

    /**
     * Accepts a new run with exactly the inputs of an earlier one; resolves to its id. Throws NotFoundError, and
     * ConflictError when the earlier one goes on, or cannot be repeated as it was.
     */
    rerun: async (id: string, key: RunRequest['key'], by: Actor): Promise<string> =>
      (await executions.accept(await repeat(id, key), by)).runId,

    /** A token under which a form is carried out once. */
    newToken: newId,

    async overview() {
      return { list: this.agents(), runs: await runOverview.read() }
    },

    /** Moves whenever the runs of the overview may look different; no two processes give the same. */
    overviewRevision: (): string => `${processId}.${runOverview.revision()}`,

    now: () => clock.now(),
  }
}
