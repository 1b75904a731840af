import { maxCounted, maxTimed, type SampledRun } from '../../../history/sample.ts'
import { newestFirst } from '../../../history/scanning.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunReading } from '../reading.ts'

export type RunTally = {
  runs: SampledRun[]
  isWhole(): boolean
  /** Not beyond 10,000. */
  canGrow(): boolean
  /** `budget` is in microseconds or so. */
  advance(budget: number): void
}

const columns = sql`r.status, r.duration, r.tokens, r.cost`

/** Valid until the database changes. */
export function createRunTally({ read, matching }: RunReading, selection: RunSelection): RunTally {
  const found = read(selection)
  const max = found.sums && found.checks.size > 0 ? maxTimed : maxCounted
  const asked = { columns, order: newestFirst, isForward: true, from: undefined, size: max + 1 }
  const steps = matching<SampledRun>(found, asked)
  const runs: SampledRun[] = []
  let isWhole = false
  let isFull = false

  return {
    runs,
    isWhole: () => isWhole,
    canGrow: () => !isWhole && !isFull,

    advance(budget: number): void {
      let isAtEnd = false
      for (let spent = 0; !isWhole && !isFull && (spent < budget || isAtEnd); ) {
        const { done, value } = steps.next()
        if (done) isWhole = true
        else {
          for (const row of value.rows) runs.push(row)
          spent += value.cost
          isAtEnd = value.to === undefined
        }
        isFull = runs.length > max
        if (isFull) runs.length = max
      }
    },
  }
}
