import { type Actor, dashboardActor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError, ConflictError, NotFoundError } from '../../shared/errors.ts'
import {
  type BulkJobRow,
  type BulkJobState,
  type BulkReasonRow,
  createBulkJobTable,
} from '../../store/sqlite/bulk/jobs.ts'
import { createRunRemoval } from '../../store/sqlite/runs/removal.ts'
import type { SqliteStore } from '../../store/sqlite/store.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import type { EventStream } from '../events.ts'
import { refuseUnread } from '../history/export.ts'
import type { HistoryState } from '../history/indexing.ts'
import type { Registry } from '../registry/registry.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import { type BulkPreview, previewOf } from './preview.ts'
import type { BulkAction } from './rules.ts'
import { createBulkSteps } from './steps.ts'
import { type BulkRuns, createBulkRuns, datedAhead, frozen } from './targets.ts'

/**
 * Runs by their ids, or by what an address of the run list says, or all there are. What `isSettled` stands in the words
 * of the history already, as a preview gave it: it means just that, also where no run is left of a name.
 */
export type BulkRequest = { action: BulkAction } & (
  | { runIds: string[] }
  | { fields: Record<string, unknown>; isSettled?: boolean }
  | { isAll: true }
)

/** Times are milliseconds since 1970. */
export type BulkJob = Pick<
  BulkJobRow,
  'id' | 'filter' | 'done' | 'leftOut' | 'failed' | 'createdAt' | 'startedAt' | 'endedAt'
> & {
  action: BulkAction
  state: BulkJobState
  /** How many runs are meant; undefined until they have been counted. */
  total: number | undefined
  reasons: BulkReasonRow[]
  /** How many other jobs have their turn before. */
  ahead: number
  /** What keeps the job from going on. */
  problem: string | undefined
}

/** Between two steps: requests go first. */
const restMs = 5
/** While as many runs go on as may. */
const pollMs = 250
/** What is done to runs is written silently; open pages hear of it this often. */
const pace = { busyMs: pollMs, retryMs: 10_000, announceEveryMs: 1000 }
const mostShown = 5
const mostListed = 50

const unforeseen = 'The last step failed: the log says more. It is tried again every few seconds.'

/**
 * What is done to many runs at once: one job after the other, in steps of a few milliseconds. Each job stands in the
 * database with how far it is, so a start after any kind of end goes on from there.
 */
export function createBulkJobs(deps: {
  store: SqliteStore
  registry: Registry
  executions: Pick<Executions, 'accept' | 'cancel' | 'isUnderWay'>
  repeat: (id: string, key: RunRequest['key']) => Promise<RunRequest>
  /** How many runs have a slot at a time. */
  slots: number
  clock: Clock
  newId: () => string
  historyState: () => Promise<HistoryState>
  events: EventStream
}) {
  const { store, registry, clock, newId, historyState, events } = deps
  const onError = (error: unknown) => events.emit('failure', { error, task: 'bulk action' })
  const table = createBulkJobTable(store)
  const bulkRuns = createBulkRuns(store, clock.now)
  const context = () => ({ now: clock.now(), isPosition: store.history.isPosition })
  const removal = createRunRemoval(store, clock.elapsed)
  const step = createBulkSteps({ ...deps, table, bulkRuns, removal, elapsed: clock.elapsed, onError })
  let problem: string | undefined
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step: () =>
      stepOfFirst().catch((error) => {
        problem = error instanceof AppError ? error.message : unforeseen
        throw error
      }),
    announce: () => store.write(() => undefined, { isRepeatable: true }),
    onError,
    pace,
  })

  async function stepOfFirst(): Promise<StepResult> {
    const [job] = table.unended()
    if (!job) return { restMs: undefined }
    if (job.state === 'waiting') await change(job.id, { state: 'working', startedAt: clock.now() })
    const outcome = await step(job)
    problem = undefined
    if (outcome === 'done') await end(job.id, 'done', dashboardActor)
    return { restMs: outcome === 'rest' ? pollMs : restMs, hasNews: outcome !== 'done' }
  }

  const change = (id: string, values: Parameters<typeof table.set>[1]): Promise<void> =>
    store.write(() => table.set(id, values))

  /** A job that has ended already stays as it is. */
  async function end(id: string, state: 'done' | 'stopped', by: Actor): Promise<boolean> {
    const ended = await store.write(() => {
      const job = table.get(id)
      if (!job || isOver(job)) return undefined
      table.set(id, { state, endedAt: clock.now() })
      return job
    })
    if (!ended) return false
    const { action, done, leftOut, failed } = ended
    events.emit('bulk-action-ended', { bulkId: id, action, state, done, leftOut, failed, by })
    return true
  }

  async function freeze(request: BulkRequest): Promise<BulkRuns> {
    if ('runIds' in request) return { runIds: [...new Set(request.runIds)] }
    const filter = frozen('fields' in request ? request.fields : 'all', context())
    refuseUnread(await historyState(), 'Nobody can know yet which runs are meant.')
    await bulkRuns.refuseEmptyExclusions(filter)
    const isSettled = 'fields' in request && request.isSettled
    return { filter: isSettled ? filter : await bulkRuns.settled(filter) }
  }

  function fromRow(row: BulkJobRow): BulkJob {
    const isFirst = table.unended()[0]?.id === row.id
    const { token: _, runIds: __, place: ___, closedAt: ____, ...rest } = row
    return {
      ...rest,
      action: row.action as BulkAction,
      state: row.state as BulkJobState,
      // Runs of the past may arrive meanwhile, from a clock that is behind.
      total: row.total === null ? undefined : Math.max(row.total, row.done + row.leftOut + row.failed),
      reasons: table.reasons(row.id),
      ahead: row.state === 'waiting' ? table.unended().findIndex(({ id }) => id === row.id) : 0,
      problem: isFirst ? problem : undefined,
    }
  }

  function rowOf(id: string): BulkJobRow {
    const row = table.get(id)
    if (!row) throw new NotFoundError('page', `/runs/bulk/${id}`)
    return row
  }

  return {
    /** Goes on with what had not ended. */
    start: (): void => loop.wake(),

    /** Resolves when no step is running. */
    stopWork: loop.stop,

    /**
     * What an action would do, and which runs are meant by it, for good. Throws InvalidInputError, and AppError (503)
     * while older runs are not read yet.
     */
    async preview(request: BulkRequest): Promise<BulkPreview & { meant: BulkRuns }> {
      const ahead =
        'runIds' in request ? undefined : datedAhead('fields' in request ? request.fields : 'all', context())
      const meant = await freeze(request)
      const deps = { bulkRuns, registry, elapsed: clock.elapsed }
      const aheadRuns = ahead === undefined ? 0 : await bulkRuns.count({ filter: await bulkRuns.settled(ahead) })
      return { meant, ...(await previewOf(request.action, meant, aheadRuns, deps)) }
    },

    /** Keeps a job, once under one token, which has its turn when those before it have ended. Throws as `preview` does. */
    async begin(request: BulkRequest, token: string | undefined, by: Actor): Promise<BulkJob> {
      const meant = await freeze(request)
      const total = (await bulkRuns.count(meant)) ?? null
      const row = await store.write(() =>
        table.add({
          id: newId(),
          token: token ?? newId(),
          action: request.action,
          filter: 'filter' in meant ? meant.filter : null,
          runIds: 'filter' in meant ? null : JSON.stringify(meant.runIds),
          total,
          createdAt: clock.now(),
        }),
      )
      events.emit('bulk-action-begun', { bulkId: row.id, action: request.action, by })
      loop.wake()
      return fromRow(row)
    },

    /** Throws NotFoundError. */
    job: (id: string): BulkJob => fromRow(rowOf(id)),

    /** The latest ones, newest first. */
    jobs: (): BulkJob[] => table.latest(mostListed).map(fromRow),

    /**
     * What a person who looks at the runs should know of: jobs by their turn, then ended ones that nobody has seen or
     * closed, and those of `known`, which the page shows already.
     */
    shown(known: string[] = []): BulkJob[] {
      const isNews = ({ id, closedAt }: BulkJobRow) => closedAt === null || known.includes(id)
      const ended = table.latest(mostShown).filter((row) => isOver(row) && isNews(row))
      return [...table.unended(), ...ended].slice(0, mostShown).map(fromRow)
    },

    /** How these have ended has been shown: no other page needs to say it. Those that go on stay as they are. */
    async seen(jobs: BulkJob[]): Promise<void> {
      for (const { id, endedAt } of jobs) if (endedAt !== null) await change(id, { closedAt: clock.now() })
    },

    /** What was done stays done. Throws NotFoundError, and ConflictError when the job had ended. */
    async stop(id: string, by: Actor): Promise<BulkJob> {
      rowOf(id)
      if (!(await end(id, 'stopped', by))) throw new ConflictError('This has already come to its end.')
      return fromRow(rowOf(id))
    },

    /** Does not show an ended job any more. Throws NotFoundError. */
    async close(id: string, by: Actor): Promise<void> {
      if (!isOver(rowOf(id))) return
      await change(id, { closedAt: clock.now() })
      events.emit('bulk-action-closed', { bulkId: id, by })
    },
  }
}

const isOver = ({ state }: BulkJobRow) => state === 'done' || state === 'stopped'
