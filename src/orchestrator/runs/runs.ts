import { NotFoundError, type RunDeletedError } from '../../shared/errors.ts'
import type { RunDetails, RunRecord, RunStore, RunSummary } from '../../store/ports/runs.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from './agent-of-run.ts'
import { shownConfig } from './config-snapshot.ts'

/** A run in a list. `agentId` is undefined for a run that the Python program carried out itself. */
export type ListedRun = Omit<RunSummary, 'agent' | 'agentId'> & { agentId: string | undefined }

/** One run. `config` is JSON text without credentials. */
export type Run = Omit<RunRecord, 'agent' | 'agentId'> & Pick<ListedRun, 'agentId'>

/** A run with all that happened to it, and the runs that repeat it. */
export type RunWithDetails = Omit<RunDetails, 'run'> & { run: Run }

export type Runs = {
  /** Throws NotFoundError and RunDeletedError. */
  get(id: string): Promise<Run>
  /** Throws NotFoundError and RunDeletedError. */
  details(id: string): Promise<RunWithDetails>
  /** The text of the schema that a run's inputs were written for, where it is known. */
  schema(run: Pick<Run, 'schemaId'>): Promise<string | undefined>
}

/** Reads single runs. `deleted` says of an id that nobody knows whether runs of its time are deleted. */
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
