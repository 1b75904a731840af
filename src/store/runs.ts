import type { SQL } from 'drizzle-orm'
import { and, asc, count, desc, eq, gte, inArray, isNotNull, isNull, notInArray, sql } from './drizzle.ts'
import type { Store } from './open.ts'
import { createRunKeys } from './run-keys.ts'
import { createRunLog, type NewExchange } from './run-log.ts'
import { agents, workflowRuns as runs } from './schema.ts'

export type RunRow = typeof runs.$inferSelect
export type NewRun = typeof runs.$inferInsert
export type RunChange = Partial<Omit<RunRow, 'id'>>

/** What happens to a run: what changes in its row, and how that is called in its history. */
export type RunStep = { change: RunChange; event: string; attempt: number; at: number }

/** A key under which a run is accepted once, and a digest of its inputs. */
export type RunKey = { key: string; inputsHash: string; expiresBefore: number }

/** Which runs: of one agent, or those of no agent (`local`); of one status; all where nothing is said. */
export type RunFilter = { agent?: string | undefined; isLocal?: boolean | undefined; status?: string | undefined }

/** A place between two rows of the list: the row that is named, by its two sort keys as they stand in the file. */
export type RunPlace = { startedAt: string; id: string }
export type RunPage = { olderThan?: RunPlace | undefined; newerThan?: RunPlace | undefined; size: number }

/** What lists need; inputs and outputs stay on disk, they may be megabytes. */
const listed = {
  id: runs.id,
  workflowName: runs.workflowName,
  agentId: runs.agentId,
  agentWorkflow: runs.agentWorkflow,
  status: runs.status,
  startedAt: runs.startedAt,
  startedAtText: sql<string>`${runs.startedAt}`,
  completedAt: runs.completedAt,
  durationSeconds: runs.durationSeconds,
  totalTokens: runs.totalTokens,
  totalCostUsd: runs.totalCostUsd,
}

export type ListedRunRow = Pick<
  RunRow,
  | 'id'
  | 'workflowName'
  | 'agentId'
  | 'agentWorkflow'
  | 'status'
  | 'startedAt'
  | 'completedAt'
  | 'durationSeconds'
  | 'totalTokens'
  | 'totalCostUsd'
> & { startedAtText: string }

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
  const failures = db
    .select({ ...listed, errorMessage: runs.errorMessage })
    .from(runs)
    .where(eq(runs.status, 'failed'))
    .orderBy(desc(runs.startedAt), desc(runs.id))
    .limit(sql.placeholder('most'))
    .prepare()

  return {
    get: (id: string): RunRow | undefined => byId.get({ id }),

    insert: (row: NewRun): Promise<RunRow> => write(() => db.insert(runs).values(row).returning().get()),

    /**
     * Records a run that is to be sent. A run that was accepted under the same key is given back instead; `isRepeat`
     * says so, `isSame` whether its inputs were the same.
     */
    accept: (
      row: NewRun,
      key?: RunKey,
      schema?: { hash: string; text: string },
    ): Promise<{ row: RunRow; isRepeat: boolean; isSame: boolean }> =>
      write(() => {
        const known = key && keys.find(key)
        const earlier = known && byId.get({ id: known.runId })
        if (earlier) return { row: earlier, isRepeat: true, isSame: known.inputsHash === key.inputsHash }
        if (key) keys.keep(key, row.id, row.startedAt)
        if (schema) keys.keepSchema(schema.hash, schema.text)
        log.addEvent(row.id, { event: 'accepted', attempt: 0, at: row.startedAt })
        return {
          row: db
            .insert(runs)
            .values({ ...row, schemaHash: schema?.hash ?? null })
            .returning()
            .get(),
          isRepeat: false,
          isSame: true,
        }
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
        return db.update(runs).set(step.change).where(eq(runs.id, id)).returning().get()
      }),

    /** What happened to a run, in order, and what was said with the agent. */
    events: log.events,
    exchanges: log.exchanges,

    /** The schema that a run was made with, by its hash. */
    schema: keys.schema,

    /** The runs that repeat a run, oldest first. */
    rerunsOf: (id: string): string[] =>
      db
        .select({ id: runs.id })
        .from(runs)
        .where(eq(runs.rerunOf, id))
        .orderBy(asc(runs.startedAt), asc(runs.id))
        .all()
        .map((row) => row.id),

    /** The latest runs of an agent with their inputs, newest first. */
    latestInputs: (agentId: string, most: number) =>
      db
        .select({ id: runs.id, inputs: runs.inputs, startedAt: runs.startedAt, status: runs.status })
        .from(runs)
        .where(eq(runs.agentId, agentId))
        .orderBy(desc(runs.startedAt), desc(runs.id))
        .limit(most)
        .all(),

    /** Runs of agents that have not ended, oldest first: what is left to do after a start. */
    unfinished: (): RunRow[] =>
      db
        .select()
        .from(runs)
        .where(and(inArray(runs.status, ['pending', 'running']), isNotNull(runs.agentId)))
        .orderBy(asc(runs.startedAt), asc(runs.id))
        .all(),

    /** One page, newest first. */
    list(filter: RunFilter, { olderThan, newerThan, size }: RunPage): ListedRunRow[] {
      const place = olderThan ?? newerThan
      const beyond =
        place &&
        sql`(${runs.startedAt}, ${runs.id}) ${sql.raw(olderThan ? '<' : '>')} (${place.startedAt}, ${place.id})`
      const direction = newerThan && !olderThan ? asc : desc
      const rows = db
        .select(listed)
        .from(runs)
        .where(and(...matching(filter), beyond))
        .orderBy(direction(runs.startedAt), direction(runs.id))
        .limit(size)
        .all()
      return direction === asc ? rows.reverse() : rows
    },

    /** How many runs there are of each status. */
    countByStatus(filter: RunFilter): Map<string, number> {
      const rows = db
        .select({ status: runs.status, runs: count() })
        .from(runs)
        .where(and(...matching({ ...filter, status: undefined })))
        .groupBy(runs.status)
        .all()
      return new Map(rows.map((row) => [row.status, row.runs]))
    },

    countSince: (at: number): number => counted(gte(runs.startedAt, at)),

    countOf: (status: string): number => counted(eq(runs.status, status)),

    latestFailures: (most: number) => failures.all({ most }),

    /** The ids of all agents that have runs, registered or not. Walks the index from one id to the next. */
    agentIds: (): string[] =>
      db
        .all<{ id: string }>(sql`
          WITH RECURSIVE ids(id) AS (
            SELECT min(agent_id) FROM workflow_runs
            UNION ALL
            SELECT (SELECT min(agent_id) FROM workflow_runs WHERE agent_id > ids.id) FROM ids WHERE ids.id IS NOT NULL
          )
          SELECT id FROM ids WHERE id IS NOT NULL`)
        .map(({ id }) => id),
  }

  function counted(condition: SQL): number {
    return db.select({ runs: count() }).from(runs).where(condition).get()!.runs
  }

  function matching({ agent, isLocal, status }: RunFilter): (SQL | undefined)[] {
    return [
      // By workflow_name, not agent_id: runs that the Python program recorded for an agent have only that.
      agent === undefined ? undefined : eq(runs.workflowName, agent),
      isLocal
        ? and(isNull(runs.agentId), notInArray(runs.workflowName, db.select({ id: agents.agentId }).from(agents)))
        : undefined,
      status === undefined ? undefined : eq(runs.status, status),
    ]
  }
}
