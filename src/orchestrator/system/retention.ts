import { type Clock, steadyTime } from '../../shared/time/clock.ts'
import { dayMs } from '../../shared/time/durations.ts'
import type { DeletedRuns, OldRuns } from '../../store/ports/upkeep.ts'
import type { Store } from '../../store/ports.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import { keyLifeMs } from '../runs/idempotency.ts'
import { type RetentionRule, tooOld } from '../runs/retention-rule.ts'

const restMs = 20
const pollMs = 1000
const roundEveryMs = 60_000
const thoroughEveryMs = dayMs
const pace = { busyMs: pollMs, retryMs: 60_000, announceEveryMs: 1000 }

export type RetentionState = {
  rule: RetentionRule
  due: number | undefined
  deleted: DeletedRuns
}

export type Housekeeping = {
  start(): void
  stop(): Promise<void>
  retention(): Promise<RetentionState>
}

/** Works in atomic steps of a few milliseconds. Nothing is deleted before the history has been read. */
export function createHousekeeping(deps: {
  store: Pick<Store, 'upkeep' | 'checkpointed' | 'announce'>
  clock: Clock
  rule: RetentionRule
  isHistoryRead: () => Promise<boolean>
  onError: (error: unknown) => void
}): Housekeeping {
  const { store, clock, rule, isHistoryRead, onError } = deps
  const { upkeep } = store
  const steady = steadyTime(clock)
  /** A clock that is set forward must not delete anything. */
  const now = () => Math.min(clock.now(), steady())
  const old = (): OldRuns[] => tooOld(rule, now())
  let thoroughAt = Number.NEGATIVE_INFINITY
  let round = oneRound()
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step: () =>
      step().catch((error) => {
        round = oneRound()
        throw error
      }),
    announce: store.announce,
    onError,
    pace,
  })

  async function* oneRound(): AsyncGenerator<number, void> {
    if (!(await isHistoryRead())) return
    const isThorough = clock.elapsed() >= thoroughAt
    const { keepRuns } = rule
    yield* upkeep.tidy({ old: old(), keepRuns, keysBefore: now() - keyLifeMs, isThorough })
    if (isThorough) thoroughAt = clock.elapsed() + thoroughEveryMs
  }

  async function step(): Promise<StepResult> {
    const { done, value: deleted } = await round.next()
    if (!done) return { restMs, hasNews: deleted > 0 }
    round = oneRound()
    return { restMs: (await isHistoryRead()) ? roundEveryMs : pollMs, isComplete: true }
  }

  return {
    start: () => loop.start(),
    stop: loop.stop,
    retention: async () => ({ rule, ...(await upkeep.retention(old())) }),
  }
}
