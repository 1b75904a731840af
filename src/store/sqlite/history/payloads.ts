import type { KeptTexts } from '../../ports/history.ts'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { workflowRuns } from '../sql/schema/runs.ts'
import { textOf } from './text-of.ts'

export function createRunPayloads({ db }: Pick<Store, 'db'>) {
  const byId = db
    .select({
      inputs: workflowRuns.inputs,
      outputs: workflowRuns.outputs,
      error: workflowRuns.errorMessage,
      traceId: workflowRuns.traceId,
    })
    .from(workflowRuns)
    .where(eq(workflowRuns.id, sql.placeholder('id')))
    .prepare()

  function read(ids: string[], enough: number): (KeptTexts | undefined)[] {
    const found: (KeptTexts | undefined)[] = []
    for (let characters = 0; found.length < ids.length && characters < enough; ) {
      const row = byId.get({ id: ids[found.length]! })
      const { inputs = null, outputs = null, error = null, traceId = null } = row ?? {}
      found.push(row && { inputs: textOf(inputs), outputs: textOf(outputs), error: textOf(error), traceId })
      characters += (inputs?.length ?? 0) + (outputs?.length ?? 0)
    }
    return found
  }
  // Outside of a transaction SQLite locks for each row, which takes five times as long as to read it.
  const inOneTransaction = db.$client.transaction(read)

  /** Of the first of these runs, until that is `enough` characters; undefined for one that is gone. */
  return (ids: string[], enough: number): (KeptTexts | undefined)[] => inOneTransaction.deferred(ids, enough)
}
