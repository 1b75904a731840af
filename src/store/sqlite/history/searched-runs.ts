import { startOf } from '../../history/ranges.ts'
import type { RunTexts, SearchedRun } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { workflowRuns } from '../sql/schema/runs.ts'
import { statementsOf } from '../sql/statements.ts'
import { textOf } from './text-of.ts'

/** Longer payloads are read one run at a time. */
const maxBytesTogether = 16 * 1024

/** `bytes` is the length of all three payloads; where they are too long to be read together, they are null here. */
type Row = Omit<SearchedRun, 'started'> & { seq: number; bytes: number }

export function createSearchedRuns(db: Store['db']) {
  const ask = statementsOf(db)
  const payloads = db
    .select({ inputs: workflowRuns.inputs, outputs: workflowRuns.outputs, error: workflowRuns.errorMessage })
    .from(workflowRuns)
    .where(eq(workflowRuns.id, sql.placeholder('id')))
    .prepare()

  function payloadsOf(id: string): RunTexts | undefined {
    const row = payloads.get({ id })
    return row && { inputs: textOf(row.inputs), outputs: textOf(row.outputs), error: textOf(row.error) }
  }

  return {
    payloadsOf,

    rows(seqs: number[]): Map<number, Row> {
      const bytes = sql`coalesce(octet_length(w.inputs), 0) + coalesce(octet_length(w.outputs), 0)
        + coalesce(octet_length(w.error_message), 0)`
      const found = ask.all<Row>(sql`
        SELECT seq, id, agent, status, workflow, startedBy AS "by", duration, tokens, cost, bytes,
          iif(bytes <= ${maxBytesTogether}, inputs, NULL) AS inputs,
          iif(bytes <= ${maxBytesTogether}, outputs, NULL) AS outputs,
          iif(bytes <= ${maxBytesTogether}, error, NULL) AS error
        FROM (
          SELECT r.seq, r.run_id AS id, r.agent, r.status, r.workflow, r.started_by AS startedBy, r.duration, r.tokens, r.cost,
            w.inputs, w.outputs, w.error_message AS error, ${bytes} AS bytes
          FROM json_each(${JSON.stringify(seqs)}) AS j CROSS JOIN run_index AS r ON r.seq = j.value
          CROSS JOIN workflow_runs AS w ON w.id = r.run_id
        )`)
      return new Map(found.map((run) => [run.seq, run]))
    },

    withPayloads(run: Row): SearchedRun {
      const { inputs, outputs, error } = (run.bytes > maxBytesTogether && payloadsOf(run.id)) || run
      const texts = { inputs: textOf(inputs), outputs: textOf(outputs), error: textOf(error) }
      return { ...run, ...texts, started: startOf(run.seq) }
    },
  }
}
