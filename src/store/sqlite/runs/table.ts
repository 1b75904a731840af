import { createHash } from 'node:crypto'
import type { Acceptance, Accepted, Decide, Decided, RecordedExchange, RunRecord, RunReport } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { createInputLineTable } from '../history/input-lines.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { placeholders, placeholdersFor } from '../sql/placeholders.ts'
import { workflowRuns as runs } from '../sql/schema/runs.ts'
import { createRunKeys } from './keys.ts'
import { createRunLog } from './log.ts'
import { columnsOf, recordOf, rowOf, rowOfReported } from './record.ts'

export type RunTable = ReturnType<typeof createRunTable>

/** The table `workflow_runs`, with keys, schemas, events and exchanges. Methods that write belong inside a transaction. */
export function createRunTable({ db }: Pick<Store, 'db'>) {
  const log = createRunLog(db)
  const keys = createRunKeys(db)
  const inputLines = createInputLineTable({ db })
  const byId = db
    .select()
    .from(runs)
    .where(eq(runs.id, sql.placeholder('id')))
    .prepare()
  // Preparing them costs more than running them, because of the triggers.
  const add = db.insert(runs).values(placeholders(runs)).prepare()
  const updates = new Map<string, ReturnType<typeof prepareUpdate>>()

  function get(id: string): RunRecord | undefined {
    const row = byId.get({ id })
    return row && recordOf(row)
  }

  // Payloads have megabytes: what was just written is not read back.
  function update(id: string, columns: object): void {
    const names = Object.keys(columns)
    const key = names.join()
    const prepared = updates.get(key) ?? prepareUpdate(names)
    updates.set(key, prepared)
    prepared.run({ ...columns, whose: id })
  }

  function prepareUpdate(names: string[]) {
    return db
      .update(runs)
      .set(placeholdersFor(names))
      .where(eq(runs.id, sql.placeholder('whose')))
      .prepare()
  }

  return {
    get,
    events: log.events,
    exchanges: log.exchanges,
    schema: keys.schema,

    accept({ run, key, schemaText }: Acceptance): Accepted {
      const known = key && keys.find(key)
      const earlier = known && get(known.runId)
      if (earlier) return { run: earlier, isRepeat: true, isSame: known.inputsHash === key.inputsHash }
      const made = run()
      const row = rowOf(made, schemaText === undefined ? null : keys.keepSchema(digest(schemaText), schemaText))
      if (key) keys.keep(key, row.id)
      log.addEvent(row.id, { kind: 'accepted', attempt: 0, at: row.startedAt })
      add.run(row)
      inputLines.putOf(row.id, row.inputs)
      return { run: recordOf(row), isRepeat: false, isSame: true }
    },

    change(id: string, decide: Decide, exchange?: RecordedExchange): Decided | undefined {
      if (exchange) log.addExchange(id, exchange)
      const run = get(id)
      const step = run && decide(run)
      if (!step) return run && { run, isChanged: false }
      log.addEvent(id, step.event)
      update(id, columnsOf(step.change))
      return { run: { ...run, ...step.change }, isChanged: true }
    },

    report({ id, decide }: RunReport): void {
      const known = get(id)
      const reported = decide(known)
      if (!reported) return
      const row = rowOfReported(reported)
      if (known) update(id, row)
      else add.run(row)
      if (row.inputs !== known?.inputs) inputLines.putOf(id, row.inputs)
    },
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
