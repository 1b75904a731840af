import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { runIndex } from '../sql/schema.ts'

/** What has to be known of a run before anything is done to it. `agent` is what stands in workflow_name. */
export type FoundRun = { id: string; agent: string; agentId: string | null; status: string; cost: number | null }

/** Single runs in run_index, by their ids. */
export function createRunLookup({ db }: Pick<Store, 'db'>) {
  const byId = db
    .select({
      id: runIndex.runId,
      agent: runIndex.agent,
      agentId: runIndex.agentId,
      status: runIndex.status,
      cost: runIndex.cost,
    })
    .from(runIndex)
    .where(eq(runIndex.runId, sql.placeholder('id')))
    .prepare()

  return (id: string): FoundRun | undefined => byId.get({ id })
}
