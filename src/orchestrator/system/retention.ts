import { type Clock, steadyTime } from '../../shared/clock.ts'
import type { HistoryProgress } from '../../store/ports/history.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { placeOf } from '../../store/sqlite/history/ranges.ts'
import { createLeftovers } from '../../store/sqlite/runs/leftovers.ts'
import { createOldRuns, type OldRuns, type RemovedRuns } from '../../store/sqlite/runs/old-runs.ts'
import { createRunRemoval } from '../../store/sqlite/runs/removal.ts'
import { createRunStates } from '../../store/sqlite/runs/state-index.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import { keyLifeMs } from '../runs/idempotency.ts'
import { type RetentionRule, tooOld } from './retention-rule.ts'

/** Between two steps: requests go first. */
const restMs = 20
/** While something else has to be finished before. */
const pollMs = 1000
const roundEveryMs = 60_000
const leftoversEveryMs = 86_400_000
/** Runs are deleted silently; open pages hear of it this often. */
const pace = { busyMs: pollMs, retryMs: 60_000, announceEveryMs: 1000 }

/** What is kept of the history. */
export type RetentionState = {
  rule: RetentionRule
  /** Runs that are to go. Undefined while it is being found out. */
  due: number | undefined
  removed: RemovedRuns
}

/**
 * Keeps the file in order, in the background, in steps of a few milliseconds: learns which execution states are of which
 * run, lets go of old runs, and of rows that no run needs any more. Nothing goes before the history has been read. Every
 * step is a transaction, so the program may end at any of them.
 */
export function createHousekeeping(deps: {
  store: Store
  clock: Clock
  rule: RetentionRule
  isHistoryRead: () => Promise<boolean>
  onError: (error: unknown) => void
}) {
  const { store, clock, rule, isHistoryRead, onError } = deps
  const states = createRunStates(store)
  const removal = createRunRemoval(store, clock.elapsed)
  const oldRuns = createOldRuns(store, removal, clock.now)
  const leftovers = createLeftovers(store, clock.now)
  const silently = { isSilent: true, isRepeatable: true }
  const steady = steadyTime(clock)
  /** A clock that is set forward must not delete anything. */
  const now = () => Math.min(clock.now(), steady())
  let round = oneRound()
  let placeOfNewest: number | undefined
  let leftoversAt = Number.NEGATIVE_INFINITY
  let hasDeleted = false
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step: () =>
      step().catch((error) => {
        round = oneRound()
        throw error
      }),
    announce: () => store.write(() => undefined, { isRepeatable: true }),
    onError,
    pace,
  })

  const old = (newest: number): OldRuns =>
    tooOld(rule, now()).map(({ status, startedBefore }) => ({
      status,
      before: Math.min(newest, placeOf(startedBefore)),
    }))

  /** Yields after each step. */
  async function* oneRound(): AsyncGenerator<void> {
    if (!(await isHistoryRead())) return
    while (!states.isWhole()) yield await store.write(() => states.takeSome(clock.elapsed), silently)
    while (await store.write(removal.removeStatesOfRemoved, silently)) yield
    yield* letGo()
    while (await leftovers.removeKeys(now() - keyLifeMs)) yield
    if (clock.elapsed() < leftoversAt) return
    yield* removeLeftovers()
    leftoversAt = clock.elapsed() + leftoversEveryMs
  }

  async function* letGo(): AsyncGenerator<void> {
    if (!oldRuns.isAny(old(Number.POSITIVE_INFINITY))) return
    const newest = yield* oldRuns.placeOfNewest(rule.keepRuns)
    placeOfNewest = newest
    const due = old(newest)
    while (await oldRuns.removeSome(due)) {
      hasDeleted = true
      yield
    }
  }

  async function* removeLeftovers(): AsyncGenerator<void> {
    for (const table of ['run_events', 'run_exchanges'] as const) {
      let after: number | undefined = Number.MIN_SAFE_INTEGER
      while (after !== undefined) {
        after = await leftovers.removeWithoutRun(table, after)
        yield
      }
    }
    yield* leftovers.removeSchemas()
  }

  async function step(): Promise<StepResult> {
    hasDeleted = false
    const { done = false } = await round.next()
    if (!done) return { restMs, hasNews: hasDeleted }
    round = oneRound()
    return { restMs: (await isHistoryRead()) ? roundEveryMs : pollMs, isComplete: true }
  }

  return {
    start: (): void => loop.start(),

    /** Resolves when nothing is written any more. */
    stop: loop.stop,

    /** How far it is known which execution states are of which run. Undefined when all of it is known. */
    statesProgress: (): HistoryProgress | undefined => states.progress(),

    retention(): RetentionState {
      const isAny = oldRuns.isAny(old(Number.POSITIVE_INFINITY))
      const due = isAny ? placeOfNewest && oldRuns.count(old(placeOfNewest)) : 0
      return { rule, due, removed: oldRuns.removed() }
    },
  }
}
