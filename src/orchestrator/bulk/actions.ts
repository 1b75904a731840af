import { type Actor, dashboardActor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError, ConflictError, NotFoundError } from '../../shared/errors.ts'
import type { BulkAction, BulkReason, BulkRecord, BulkRuns } from '../../store/ports/bulk.ts'
import type { Store } from '../../store/ports.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import type { EventStream } from '../events.ts'
import { refuseUnread } from '../history/export.ts'
import type { HistoryState } from '../history/indexing.ts'
import type { Registry } from '../registry/registry.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import { type BulkPreview, previewOf } from './preview.ts'
import { createBulkSteps } from './steps.ts'
import { createBulkRuns, datedAhead, frozen } from './targets.ts'

/**
 * Runs by their ids, or by what an address of the run list says, or all there are. What `isSettled` stands in the words
 * of the history already, as a preview gave it: it means just that, also where no run is left of a name.
 */
export type BulkRequest = { action: BulkAction } & (
  | { runIds: string[] }
  | { fields: Record<string, unknown>; isSettled?: boolean }
  | { isAll: true }
)

export type BulkJob = Omit<BulkRecord, 'cursor' | 'closedAt'> & {
  reasons: BulkReason[]
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
  store: Store
  registry: Registry
  executions: Pick<Executions, 'accept' | 'cancel' | 'isActive'>
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
  const { bulk } = store
  const bulkRuns = createBulkRuns(store, clock.now)
  const context = () => ({ now: clock.now(), isPosition: store.history.isPosition })
  const step = createBulkSteps({ ...deps, bulk, bulkRuns, elapsed: clock.elapsed, onError })
  let problem: string | undefined
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step: () =>
      stepOfFirst().catch((error) => {
        problem = error instanceof AppError ? error.message : unforeseen
        throw error
      }),
    announce: bulk.announce,
    onError,
    pace,
  })

  async function stepOfFirst(): Promise<StepResult> {
    const [job] = await bulk.unended()
    if (!job) return { restMs: undefined }
    if (job.state === 'waiting') await bulk.start(job.id, clock.now())
    const outcome = await step(job)
    problem = undefined
    if (outcome === 'done') await end(job.id, 'done', dashboardActor)
    return { restMs: outcome === 'rest' ? pollMs : restMs, hasNews: outcome !== 'done' }
  }

  /** A job that has ended already stays as it is. */
  async function end(id: string, state: 'done' | 'stopped', by: Actor): Promise<boolean> {
    const ended = await bulk.end(id, state, clock.now())
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

  async function withTurn(
    { cursor: _, closedAt: __, ...bulkAction }: BulkRecord,
    unended: BulkRecord[],
  ): Promise<BulkJob> {
    const { id, state, total, done, leftOut, failed } = bulkAction
    const turn = unended.findIndex((one) => one.id === id)
    return {
      ...bulkAction,
      // Runs of the past may arrive meanwhile, from a clock that is behind.
      total: total === undefined ? undefined : Math.max(total, done + leftOut + failed),
      reasons: await bulk.reasons(id),
      ahead: state === 'waiting' ? Math.max(0, turn) : 0,
      problem: turn === 0 ? problem : undefined,
    }
  }

  async function allWithTurns(records: BulkRecord[]): Promise<BulkJob[]> {
    const unended = await bulk.unended()
    return Promise.all(records.map((record) => withTurn(record, unended)))
  }

  async function find(id: string): Promise<BulkRecord> {
    const record = await bulk.get(id)
    if (!record) throw new NotFoundError('page', `/runs/bulk/${id}`)
    return record
  }

  const jobOf = async (id: string): Promise<BulkJob> => withTurn(await find(id), await bulk.unended())

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
      const { action } = request
      const runs = await freeze(request)
      const total = await bulkRuns.count(runs)
      const added = { id: newId(), token: token ?? newId(), action, runs, total, createdAt: clock.now() }
      const { id } = await bulk.add(added)
      events.emit('bulk-action-begun', { bulkId: id, action, by })
      loop.wake()
      return jobOf(id)
    },

    /** Throws NotFoundError. */
    job: jobOf,

    /** The latest ones, newest first. */
    jobs: async (): Promise<BulkJob[]> => allWithTurns(await bulk.latest(mostListed)),

    /**
     * What a person who looks at the runs should know of: jobs by their turn, then ended ones that nobody has seen or
     * closed, and those of `known`, which the page shows already.
     */
    async shown(known: string[] = []): Promise<BulkJob[]> {
      const isNews = ({ id, closedAt }: BulkRecord) => closedAt === null || known.includes(id)
      // One that ends while these are read is in both.
      const unended = await bulk.unended()
      const isEnded = ({ id, endedAt }: BulkRecord) => endedAt !== null && !unended.some((one) => one.id === id)
      const ended = (await bulk.latest(mostShown)).filter((record) => isEnded(record) && isNews(record))
      const shown = [...unended, ...ended].slice(0, mostShown)
      return Promise.all(shown.map((record) => withTurn(record, unended)))
    },

    /** How these have ended has been shown: no other page needs to say it. Those that go on stay as they are. */
    async seen(jobs: BulkJob[]): Promise<void> {
      for (const { id, endedAt } of jobs) if (endedAt !== null) await bulk.close(id, clock.now())
    },

    /** What was done stays done. Throws NotFoundError, and ConflictError when the job had ended. */
    async stop(id: string, by: Actor): Promise<BulkJob> {
      await find(id)
      if (!(await end(id, 'stopped', by))) throw new ConflictError('This has already come to its end.')
      return jobOf(id)
    },

    /** Does not show an ended job any more. Throws NotFoundError. */
    async close(id: string, by: Actor): Promise<void> {
      const { endedAt } = await find(id)
      if (endedAt === null) return
      await bulk.close(id, clock.now())
      events.emit('bulk-action-closed', { bulkId: id, by })
    },
  }
}
