import { dashboardActor } from '../../shared/actor.ts'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import type { BulkJobRow, BulkReasonRow, createBulkJobTable } from '../../store/sqlite/bulk/jobs.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import type { RunRemoval } from '../../store/sqlite/runs/removal.ts'
import type { Registry } from '../registry/registry.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import { type BulkAction, objection } from './rules.ts'
import type { BulkRuns, Candidate, Candidates, createBulkRuns } from './targets.ts'

/** A step takes this long, and its commit about as long again. */
const stepMs = 3
/** Where the clock stands still. */
const mostAtOnce = { rerun: 8, cancel: 8, delete: 50 }
const countedAtOnce = 500
/** Queued runs keep their inputs in memory: beyond so many of an action, and those that have a slot, the action waits. */
const maxQueued = 100

const gone = 'This run is gone.'
const unforeseen = 'Something went wrong in the dashboard itself; its log says more.'

/** `rest`: there is nothing to do just now. */
export type StepOutcome = 'went on' | 'rest' | 'done'
/** Runs that were left out, or failed, one by one. */
type Told = Pick<BulkReasonRow, 'kind' | 'reason' | 'runId'>

/**
 * Does some of a bulk job. How far it is moves in the transaction in which it happens, so that each run is dealt with
 * once, whenever the program ends.
 */
export function createBulkSteps(deps: {
  store: Store
  table: ReturnType<typeof createBulkJobTable>
  bulkRuns: ReturnType<typeof createBulkRuns>
  registry: Registry
  removal: RunRemoval
  executions: Pick<Executions, 'accept' | 'cancel' | 'isUnderWay'>
  /** What repeats a run. Throws AppError when it cannot be repeated. */
  repeat: (id: string, key: RunRequest['key']) => Promise<RunRequest>
  /** How many runs have a slot at a time. */
  slots: number
  elapsed: () => number
  onError: (error: unknown) => void
}) {
  const { store, table, bulkRuns, registry, removal, executions, repeat, slots, elapsed, onError } = deps
  /** Runs that an action has made and that have not ended. All others are no reason to wait: they may be stuck. */
  let made = { jobId: '', runs: new Set<string>() }
  let counting: { id: string; runs: number; after: number | undefined } | undefined

  /** The runs are counted first, for the progress to be one. A start after any kind of end counts anew. */
  async function countSome({ id }: BulkJobRow, meant: BulkRuns): Promise<StepOutcome> {
    if (counting?.id !== id) counting = { id, runs: 0, after: undefined }
    const { runs, isMore, searchedTo } = await bulkRuns.next(meant, counting.after, countedAtOnce)
    counting = { id, runs: counting.runs + runs.length, after: searchedTo ?? runs.at(-1)?.place ?? counting.after }
    const total = counting.runs
    if (!isMore) await store.write(() => table.set(id, { total }), { isSilent: true })
    return 'went on'
  }

  function told(job: BulkJobRow, all: Told[]): void {
    for (const one of all) table.addReason(job.id, { ...one, runs: 1 })
  }

  /** Runs are removed, and the job moves on, in one transaction. */
  async function remove(job: BulkJobRow, { runs, searchedTo }: Candidates): Promise<void> {
    await store.write(
      () => {
        let next = 0
        const named: number[] = []
        const leftOut: Told[] = []
        const { named: finished, removed } = removal.removeSome(() => {
          for (; next < runs.length; next++) {
            const { id, run } = runs[next]!
            const reason = objection('delete', run, registry)
            if (reason === undefined) {
              named.push(next++)
              return id
            }
            leftOut.push({ kind: 'left out', reason, runId: id })
          }
          return undefined
        })
        // Of the last one not everything may be removed yet: it has its turn again.
        const isLastUnfinished = finished < named.length
        const dealtWith = isLastUnfinished ? named[finished]! : next
        for (let lost = removed; lost < finished; lost++)
          leftOut.push({ kind: 'left out', reason: gone, runId: runs[named[lost]!]!.id })
        const place = dealtWith === runs.length ? (searchedTo ?? runs.at(-1)?.place) : runs[dealtWith - 1]?.place
        table.step(job.id, { place, done: removed, leftOut: leftOut.length, failed: 0 })
        told(job, leftOut)
      },
      { isSilent: true, isRepeatable: true },
    )
  }

  /** What is to be done to a run, or why it is not. */
  async function intent(job: BulkJobRow, { id, run }: Candidate): Promise<(() => Promise<unknown>) | string> {
    const reason = objection(job.action as BulkAction, run, registry)
    if (reason !== undefined) return reason
    if (job.action === 'cancel') return () => executions.cancel(id, dashboardActor)
    try {
      const request = await repeat(id, { scope: 'api', value: `bulk:${job.id}:${id}` })
      return async () => made.runs.add((await executions.accept(request, dashboardActor)).runId)
    } catch (error) {
      if (error instanceof AppError) return sentence(error)
      throw error
    }
  }

  /**
   * The job moves on first, and then each run is written, all in one turn of the event loop: the store takes what waits
   * at a moment to disk in one transaction.
   */
  async function actOn(job: BulkJobRow, { runs, searchedTo }: Candidates): Promise<void> {
    const until = elapsed() + stepMs
    const acts: { id: string; act: () => Promise<unknown> }[] = []
    const leftOut: Told[] = []
    let dealtWith = 0
    while (dealtWith < runs.length && (dealtWith === 0 || elapsed() < until)) {
      const candidate = runs[dealtWith++]!
      const meant = await intent(job, candidate)
      if (typeof meant === 'string') leftOut.push({ kind: 'left out', reason: meant, runId: candidate.id })
      else acts.push({ id: candidate.id, act: meant })
    }
    const place = dealtWith === runs.length ? (searchedTo ?? runs.at(-1)?.place) : runs[dealtWith - 1]!.place
    const moved = store.write(
      () => {
        table.step(job.id, { place, done: acts.length, leftOut: leftOut.length, failed: 0 })
        told(job, leftOut)
      },
      { isSilent: true },
    )
    const [isMoved, ...outcomes] = await Promise.allSettled([moved, ...acts.map(({ act }) => act())])
    const failed = outcomes.flatMap((outcome, index): Told[] => {
      if (outcome.status === 'fulfilled') return []
      const isRefused = outcome.reason instanceof AppError && outcome.reason.status === 409
      return [{ kind: isRefused ? 'left out' : 'failed', reason: reasonOf(outcome.reason), runId: acts[index]!.id }]
    })
    if (isMoved.status === 'rejected') throw isMoved.reason
    if (failed.length > 0) await correct(job, failed)
  }

  function correct(job: BulkJobRow, wrong: Told[]): Promise<void> {
    const leftOut = wrong.filter(({ kind }) => kind === 'left out').length
    const counts = { done: -wrong.length, leftOut, failed: wrong.length - leftOut }
    return store.write(
      () => {
        table.step(job.id, { place: undefined, ...counts })
        told(job, wrong)
      },
      { isSilent: true },
    )
  }

  /** How many runs an action may make now. */
  function roomFor({ id }: BulkJobRow): number {
    if (made.jobId !== id) made = { jobId: id, runs: new Set() }
    for (const runId of made.runs) if (!executions.isUnderWay(runId)) made.runs.delete(runId)
    return slots + maxQueued - made.runs.size
  }

  function reasonOf(error: unknown): string {
    if (error instanceof AppError) return sentence(error)
    onError(error)
    return unforeseen
  }

  return async function step(job: BulkJobRow): Promise<StepOutcome> {
    const meant: BulkRuns = job.filter === null ? { runIds: JSON.parse(job.runIds!) } : { filter: job.filter }
    if (job.total === null) return countSome(job, meant)
    const action = job.action as BulkAction
    const free = action === 'rerun' ? roomFor(job) : mostAtOnce[action]
    if (free <= 0) return 'rest'
    const found = await bulkRuns.next(meant, job.place ?? undefined, Math.min(free, mostAtOnce[action]))
    if (found.runs.length > 0 || found.searchedTo !== undefined) {
      await (action === 'delete' ? remove(job, found) : actOn(job, found))
      return 'went on'
    }
    return found.isMore ? 'went on' : 'done'
  }
}

const sentence = (error: AppError) => (error instanceof NotFoundError ? gone : error.message)
