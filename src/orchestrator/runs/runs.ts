import { NotFoundError, type RunDeletedError } from '../../shared/errors.ts'
import type { RunDetails, RunRecord, RunStore, RunSummary } from '../../store/ports/runs.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from './agent-of-run.ts'
import { shownConfig } from './config-snapshot.ts'

/** `agentId` is undefined for a local run. `error` is the first 200 characters, and `cause` what it says without who
 * reports it, perhaps empty; `inputLine` is what the run was given: `topic: Grid storage after 2030 · max_sources:
 * 3`. */
export type ListedRun = Omit<RunSummary, 'agent' | 'agentId'> & {
  agentId: string | undefined
  error: string | null
  cause: string
  inputLine: string | null
  /** By the clock of this process, in which the run is queued or running. */
  soFarSeconds?: number | undefined
}

/** `config` is JSON text without credentials. */
export type Run = Omit<RunRecord, 'agent' | 'agentId'> & Pick<ListedRun, 'agentId'>

export type RunWithDetails = Omit<RunDetails, 'run'> & { run: Run }

/** `get` and `details` throw NotFoundError and RunDeletedError. */
export type Runs = {
  get(id: string): Promise<Run>
  details(id: string): Promise<RunWithDetails>
  schema(run: Pick<Run, 'schemaId'>): Promise<string | undefined>
}

/** `deleted` explains an unknown id. */
export function createRuns(
  store: Pick<RunStore, 'get' | 'details' | 'schema'>,
  registry: Registry,
  deleted: (id: string) => RunDeletedError | undefined,
): Runs {
  function shown({ agent, agentId, ...run }: RunRecord): Run {
    return { ...run, agentId: agentOfRun({ agent, agentId }, registry), config: shownConfig(run.config) }
  }

  const unknown = (id: string) => deleted(id) ?? new NotFoundError('run', id)

  return {
    async get(id) {
      const run = await store.get(id)
      if (!run) throw unknown(id)
      return shown(run)
    },

    async details(id) {
      const details = await store.details(id)
      if (!details) throw unknown(id)
      return { ...details, run: shown(details.run) }
    },

    schema: async ({ schemaId }) => (schemaId === null ? undefined : store.schema(schemaId)),
  }
}
