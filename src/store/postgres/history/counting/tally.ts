import { maxCounted, maxTimed, type SampledRun } from '../../../history/sample.ts'
import { type Chunk, newestFirst } from '../../../history/scanning.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import { type Limits, matching } from '../reading.ts'
import { conditionsOf } from '../selection/conditions.ts'

export type RunTally = {
  runs: SampledRun[]
  isWhole(): boolean
  /** Not beyond 10,000. */
  canGrow(): boolean
  /** `budget` is in microseconds or so. */
  advance(budget: number): Promise<void>
}

const columns = sql`r.status, r.duration, r.tokens, r.cost`

/** Valid until the database changes. */
export function createRunTally(ask: Ask, selection: RunSelection, limits: Limits): RunTally {
  const runs: SampledRun[] = []
  let max = maxCounted
  let isWhole = false
  let isFull = false
  let steps: AsyncGenerator<Chunk<SampledRun>, void, undefined> | undefined
  let last = Promise.resolve()

  async function begin() {
    const found = await conditionsOf(ask, selection)
    max = found.sums && found.checks.length > 0 ? maxTimed : maxCounted
    const asked = { columns, order: newestFirst, isForward: true, from: undefined, size: max + 1 }
    return matching<SampledRun>(ask, found, asked, limits)
  }

  async function advance(budget: number): Promise<void> {
    steps ??= await begin()
    let isAtEnd = false
    for (let spent = 0; !isWhole && !isFull && (spent < budget || isAtEnd); ) {
      const { done, value } = await steps.next()
      if (done) isWhole = true
      else {
        for (const row of value.rows) runs.push(row)
        spent += value.cost
        isAtEnd = value.to === undefined
      }
      isFull = runs.length > max
      if (isFull) runs.length = max
    }
  }

  return {
    runs,
    isWhole: () => isWhole,
    canGrow: () => !isWhole && !isFull,
    // Two may ask for it at the same time.
    advance(budget) {
      const mine = last.then(() => advance(budget))
      last = mine.catch(() => {})
      return mine
    },
  }
}
