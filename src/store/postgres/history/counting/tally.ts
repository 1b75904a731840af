import { type Earlier, partsOf } from '../../../history/kept-runs.ts'
import { createKeptSample, type KeptSample } from '../../../history/kept-sample.ts'
import { maxCounted, maxTimed, type SampledRun } from '../../../history/sample.ts'
import { newestFirst } from '../../../history/scanning.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import { type Limits, matching } from '../reading.ts'
import { conditionsOf } from '../selection/conditions.ts'

export type RunTally = KeptSample & {
  /** Whether it has yet to take over what an earlier one found. */
  isBehind(): boolean
  /** `budget` is in microseconds or so. */
  advance(budget: number): Promise<void>
  /** The same; but where some are known, only what has changed since. */
  look(budget: number): Promise<void>
  /** The same until so many runs are known; where an earlier one has begun to search, not as far. */
  reach(runs: number, budget: number): Promise<void>
}

const columns = sql`r.status, r.duration, r.tokens, r.cost`

/** Valid until the database changes. */
export function createRunTally(
  ask: Ask,
  limits: Limits,
  selection: RunSelection,
  earlier?: Earlier<SampledRun>,
): RunTally {
  const sample = createKeptSample()
  let steps = chunks()
  const areKnown = earlier !== undefined && earlier.rows.length > 0
  let isCaughtUp = false
  let last = Promise.resolve()

  async function* chunks() {
    const found = await conditionsOf(ask, selection)
    sample.begin(found.range, found.sums && found.checks.length > 0 ? maxTimed : maxCounted)
    const asked = { columns, order: newestFirst, isForward: true, from: undefined }
    for (const { known, range, end, isNew } of partsOf(found.isNothing ? undefined : earlier, found.range)) {
      if (isNew) {
        isCaughtUp = true
        yield { rows: [], to: { seq: range.high }, cost: 0 }
      }
      if (known) yield { rows: known, to: end, cost: 0 }
      else {
        const some = { ...asked, size: sample.missing() }
        // A step is charged as a whole, and what has changed lately takes little of it.
        let isFree = end !== undefined
        for await (const { rows, to = end, cost } of matching<SampledRun>(ask, { ...found, range }, some, limits)) {
          yield { rows, to, cost: isFree ? 0 : cost }
          isFree = false
        }
      }
    }
  }

  async function advance(budget: number, isEnough = () => false): Promise<void> {
    let isAtEnd = false
    for (let spent = 0; sample.canGrow() && !isEnough() && (spent < budget || isAtEnd); ) {
      const { done, value } = await steps.next().catch(fail)
      if (done) sample.end()
      else {
        sample.add(value)
        spent += value.cost
        isAtEnd = value.to === undefined
      }
    }
  }

  /** A generator that has thrown is at its end, as if there were no more runs. */
  function fail(error: unknown): never {
    sample.beginAgain()
    steps = chunks()
    isCaughtUp = false
    throw error
  }

  // Two may ask for it at the same time.
  function inTurn(budget: number, isEnough?: () => boolean): Promise<void> {
    const mine = last.then(() => advance(budget, isEnough))
    last = mine.catch(() => {})
    return mine
  }

  const isBehind = () => earlier !== undefined && !isCaughtUp && sample.canGrow()
  return {
    ...sample,
    isBehind,
    advance: inTurn,
    look: (budget) => inTurn(budget, () => isCaughtUp && areKnown),
    reach: (runs, budget) =>
      inTurn(earlier ? budget / 2 : budget, () => isCaughtUp && sample.soFar().runs.length >= runs),
  }
}
