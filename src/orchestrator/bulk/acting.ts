import { AppError, ConflictError } from '../../shared/errors.ts'
import type { BulkOutcome, BulkProblem, BulkRecord, BulkStore } from '../../store/ports/bulk.ts'
import { collectWrites } from './collected-writes.ts'
import { type Act, type IntentOf, reasonIn } from './intents.ts'
import type { Candidates } from './targets.ts'

/** Its commit takes about as long again. */
const stepMs = 3

const unexpected = 'Unexpected error in the dashboard. See its log.'

type PlannedAct = { id: string; act: Act }

export function createBulkActing(deps: {
  bulk: Pick<BulkStore, 'step' | 'correct'>
  intentOf: IntentOf
  elapsed: () => number
  onError: (error: unknown) => void
}) {
  const { bulk, intentOf, elapsed, onError } = deps

  async function plan(action: BulkRecord, { runs, searchedTo }: Candidates) {
    const until = elapsed() + stepMs
    const acts: PlannedAct[] = []
    const problems: BulkProblem[] = []
    let handled = 0
    while (handled < runs.length && (handled === 0 || elapsed() < until)) {
      const candidate = runs[handled++]!
      const intent = await intentOf(action, candidate)
      if (typeof intent === 'string') problems.push({ kind: 'left out', reason: intent, runId: candidate.id })
      else acts.push({ id: candidate.id, act: intent })
    }
    const cursor = handled === runs.length ? (searchedTo ?? runs.at(-1)?.position) : runs[handled - 1]!.position
    return { acts, progress: { cursor, done: acts.length, problems, planned: { cursor: action.cursor } } }
  }

  return async function actOn(action: BulkRecord, candidates: Candidates): Promise<void> {
    const { acts, progress } = await plan(action, candidates)
    const collected = collectWrites()
    const acting = Promise.allSettled(acts.map(({ act }) => act(collected.via)))
    let outcomes: BulkOutcome[] | undefined
    try {
      outcomes = await bulk.step(action.id, progress, collected.writes)
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

  function reasonOf(error: unknown): string {
    if (error instanceof AppError) return reasonIn(error)
    onError(error)
    return unexpected
  }
}
