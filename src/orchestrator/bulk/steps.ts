import { dashboardActor } from '../../shared/actor.ts'
import { AppError, ConflictError, NotFoundError } from '../../shared/errors.ts'
import type { BulkOutcome, BulkProblem, BulkRecord, BulkRuns, BulkStore } from '../../store/ports/bulk.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Registry } from '../registry/registry.ts'
import type { Executions, RunRequest } from '../runs/engine.ts'
import { collectWrites } from './collected-writes.ts'
import { objection } from './rules.ts'
import type { Candidate, Candidates, createBulkRuns } from './targets.ts'

/** A step takes this long, and its commit about as long again. */
const stepMs = 3
/** Where the clock stands still. */
const maxAtOnce = { rerun: 8, cancel: 8, delete: 50 }
const countedAtOnce = 500
/** Queued runs keep their inputs in memory: beyond so many of an action, and those that have a slot, the action waits. */
const maxQueued = 100

const gone = 'This run is gone.'
const unforeseen = 'Something went wrong in the dashboard itself; its log says more.'

/** `rest`: there is nothing to do just now. */
export type StepOutcome = 'went on' | 'rest' | 'done'
type Act = (via: Pick<RunStore, 'accept' | 'change'>) => Promise<unknown>

/**
 * Does some of a bulk action. How far it is moves in the step in which it happens, so that each run is dealt with once,
 * whenever the program ends.
 */
export function createBulkSteps(deps: {
  bulk: BulkStore
  bulkRuns: ReturnType<typeof createBulkRuns>
  registry: Registry
  executions: Pick<Executions, 'accept' | 'cancel' | 'isActive'>
  /** What repeats a run. Throws AppError when it cannot be repeated. */
  repeat: (id: string, key: RunRequest['key']) => Promise<RunRequest>
  /** How many runs have a slot at a time. */
  slots: number
  elapsed: () => number
  onError: (error: unknown) => void
}): (action: BulkRecord) => Promise<StepOutcome> {
  const { bulk, bulkRuns, registry, executions, repeat, slots, elapsed, onError } = deps
  /** Runs that an action has made and that have not ended. All others are no reason to wait: they may be stuck. */
  let made = { bulkId: '', runs: new Set<string>() }
  let counting: { id: string; runs: number; after: number | undefined } | undefined

  /** The runs are counted first, for the progress to be one. A start after any kind of end counts anew. */
  async function countSome({ id }: BulkRecord, meant: BulkRuns): Promise<StepOutcome> {
    if (counting?.id !== id) counting = { id, runs: 0, after: undefined }
    const { runs, isMore, searchedTo } = await bulkRuns.next(meant, counting.after, countedAtOnce)
    counting = { id, runs: counting.runs + runs.length, after: searchedTo ?? runs.at(-1)?.place ?? counting.after }
    if (!isMore) await bulk.setTotal(id, counting.runs)
    return 'went on'
  }

  function remove({ id }: BulkRecord, { runs, searchedTo }: Candidates): Promise<void> {
    const deletions = runs.map((one) => ({
      id: one.id,
      cursor: one.place,
      objection: objection('delete', one.run, registry),
    }))
    return bulk.deleteRuns(id, deletions, { cursor: searchedTo, reasonIfGone: gone })
  }

  /** What is to be done to a run, or why it is not. */
  async function intent({ id: bulkId, action }: BulkRecord, { id, run }: Candidate): Promise<Act | string> {
    const reason = objection(action, run, registry)
    if (reason !== undefined) return reason
    if (action === 'cancel') return (via) => executions.cancel(id, dashboardActor, via)
    try {
      const request = await repeat(id, { scope: 'api', value: `bulk:${bulkId}:${id}` })
      return async (via) => made.runs.add((await executions.accept(request, dashboardActor, via)).runId)
    } catch (error) {
      if (error instanceof AppError) return sentence(error)
      throw error
    }
  }

  /** The action moves on, and all of these runs are written, in one step. */
  async function actOn(action: BulkRecord, { runs, searchedTo }: Candidates): Promise<void> {
    const until = elapsed() + stepMs
    const acts: { id: string; act: Act }[] = []
    const problems: BulkProblem[] = []
    let dealtWith = 0
    while (dealtWith < runs.length && (dealtWith === 0 || elapsed() < until)) {
      const candidate = runs[dealtWith++]!
      const meant = await intent(action, candidate)
      if (typeof meant === 'string') problems.push({ kind: 'left out', reason: meant, runId: candidate.id })
      else acts.push({ id: candidate.id, act: meant })
    }
    const cursor = dealtWith === runs.length ? (searchedTo ?? runs.at(-1)?.place) : runs[dealtWith - 1]!.place
    const collected = collectWrites()
    const acting = Promise.allSettled(acts.map(({ act }) => act(collected.via)))
    let outcomes: BulkOutcome[] | undefined
    try {
      outcomes = await bulk.step(action.id, { cursor, done: acts.length, problems }, collected.writes)
    } catch (error) {
      collected.reject(error)
      await acting
      throw error
    }
    // It was stopped while its runs were read.
    if (outcomes) collected.resolve(outcomes)
    else collected.reject(new ConflictError('This action was stopped.'))
    const failed = (await acting).flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [problemOf(acts[index]!.id, outcome.reason)] : [],
    )
    if (outcomes && failed.length > 0) await bulk.correct(action.id, { done: -failed.length, problems: failed })
  }

  function problemOf(runId: string, error: unknown): BulkProblem {
    const isRefused = error instanceof AppError && error.status === 409
    return { kind: isRefused ? 'left out' : 'failed', reason: reasonOf(error), runId }
  }

  /** How many runs an action may make now. */
  function roomFor({ id }: BulkRecord): number {
    if (made.bulkId !== id) made = { bulkId: id, runs: new Set() }
    for (const runId of made.runs) if (!executions.isActive(runId)) made.runs.delete(runId)
    return slots + maxQueued - made.runs.size
  }

  function reasonOf(error: unknown): string {
    if (error instanceof AppError) return sentence(error)
    onError(error)
    return unforeseen
  }

  return async function step(action): Promise<StepOutcome> {
    const { id, filter } = action
    const meant: BulkRuns = filter === null ? { runIds: await bulk.runIds(id) } : { filter }
    if (action.total === undefined) return countSome(action, meant)
    const free = action.action === 'rerun' ? roomFor(action) : maxAtOnce[action.action]
    if (free <= 0) return 'rest'
    const found = await bulkRuns.next(meant, action.cursor, Math.min(free, maxAtOnce[action.action]))
    if (found.runs.length > 0 || found.searchedTo !== undefined) {
      await (action.action === 'delete' ? remove(action, found) : actOn(action, found))
      return 'went on'
    }
    return found.isMore ? 'went on' : 'done'
  }
}

const sentence = (error: AppError) => (error instanceof NotFoundError ? gone : error.message)
