import type { Store } from '../file/open.ts'
import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, sql } from '../sql/drizzle.ts'
import { placeholders, placeholdersFor } from '../sql/placeholders.ts'
import { runIndex, workflowRuns as runs } from '../sql/schema.ts'
import { createRunKeys } from './keys.ts'
import { createRunLog, type NewExchange } from './log.ts'

export type RunRow = typeof runs.$inferSelect
export type NewRun = typeof runs.$inferInsert
export type RunChange = Partial<Omit<RunRow, 'id'>>

/** What happens to a run: what changes in its row, and how that is called in its history. */
export type RunStep = { change: RunChange; event: string; attempt: number; at: number }

/** A key under which a run is accepted once, and a digest of its inputs. */
export type RunKey = { key: string; inputsHash: string; at: number; expiresBefore: number }

export type RunTable = ReturnType<typeof createRunTable>

/** The table `workflow_runs`. Writing methods resolve when the change is on disk. */
export function createRunTable({ db, write }: Store) {
  const log = createRunLog(db)
  const keys = createRunKeys(db)
  const byId = db
    .select()
    .from(runs)
    .where(eq(runs.id, sql.placeholder('id')))
    .prepare()
  // Preparing either of these costs more than carrying it out, for all the triggers that it brings along.
  const add = db.insert(runs).values(placeholders(runs)).prepare()
  const unfinished = db
    .select({ id: runIndex.runId })
    .from(runIndex)
    .where(and(inArray(runIndex.status, ['pending', 'running']), isNotNull(runIndex.agentId)))
    .orderBy(asc(runIndex.seq))
    .prepare()
  const updates = new Map<string, ReturnType<typeof prepareUpdate>>()

  return {
    get: (id: string): RunRow | undefined => byId.get({ id }),

    insert: (row: NewRun): Promise<RunRow> => write(() => insert(row)),

    /**
     * Records a run that is to be sent, as `make` gives it at that moment: to wait for a lock is no part of the run. A
     * run that was accepted under the same key is given back instead; `isRepeat` says so, `isSame` whether its inputs
     * were the same.
     */
    accept: (
      make: () => NewRun,
      key?: RunKey,
      schema?: { hash: string; text: string },
    ): Promise<{ row: RunRow; isRepeat: boolean; isSame: boolean }> =>
      write(() => {
        const known = key && keys.find(key)
        const earlier = known && byId.get({ id: known.runId })
        if (earlier) return { row: earlier, isRepeat: true, isSame: known.inputsHash === key.inputsHash }
        const row = make()
        if (key) keys.keep(key, row.id)
        if (schema) keys.keepSchema(schema.hash, schema.text)
        log.addEvent(row.id, { event: 'accepted', attempt: 0, at: row.startedAt })
        return { row: insert({ ...row, schemaHash: schema?.hash ?? null }), isRepeat: false, isSame: true }
      }),

    /**
     * Reads a run, lets `decide` say what happens to it, and writes that, in one transaction; an exchange is kept in
     * any case. Resolves to the changed row, or undefined when there is no such run or nothing was to happen.
     */
    change: (
      id: string,
      decide: (row: RunRow) => RunStep | undefined,
      exchange?: NewExchange,
    ): Promise<RunRow | undefined> =>
      write(() => {
        if (exchange) log.addExchange(id, exchange)
        const row = byId.get({ id })
        const step = row && decide(row)
        if (!step) return undefined
        log.addEvent(id, step)
        return update(row, step.change)
      }),

    /** What happened to a run, in order, and what was said with the agent. */
    events: log.events,
    exchanges: log.exchanges,

    /** The schema that a run was made with, by its hash. */
    schema: keys.schema,

    /** The runs that repeat a run, oldest first. */
    rerunsOf: (id: string): string[] =>
      db
        .select({ id: runIndex.runId })
        .from(runIndex)
        .where(eq(runIndex.rerunOf, id))
        .orderBy(asc(runIndex.seq))
        .all()
        .map((row) => row.id),

    /** The latest runs of an agent with their inputs, newest first. */
    latestInputs: (agentId: string, most: number) =>
      db
        .select({ id: runs.id, inputs: runs.inputs, startedAt: runs.startedAt, status: runs.status })
        .from(runIndex)
        .innerJoin(runs, eq(runs.id, runIndex.runId))
        .where(and(eq(runIndex.agent, agentId), eq(runIndex.agentId, agentId)))
        .orderBy(desc(runIndex.seq))
        .limit(most)
        .all(),

    /** The ids of runs of agents that have not ended, oldest first. */
    unfinished: (): string[] => unfinished.all().map(({ id }) => id),
  }

  function insert(row: NewRun): RunRow {
    const values = Object.fromEntries(columns.map((name) => [name, row[name as keyof NewRun] ?? null]))
    add.run(values)
    return values as RunRow
  }

  // Payloads have megabytes: what was just written is not read back.
  function update(row: RunRow, change: RunChange): RunRow {
    const names = Object.keys(change)
    const key = names.join()
    const prepared = updates.get(key) ?? prepareUpdate(names)
    updates.set(key, prepared)
    prepared.run({ ...change, whose: row.id })
    return { ...row, ...change }
  }

  function prepareUpdate(names: string[]) {
    return db
      .update(runs)
      .set(placeholdersFor(names))
      .where(eq(runs.id, sql.placeholder('whose')))
      .prepare()
  }
}

const columns = Object.keys(getTableColumns(runs))
