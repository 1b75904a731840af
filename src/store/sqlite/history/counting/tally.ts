import { type Earlier, partsOf } from '../../../history/kept-runs.ts'
import { createKeptSample, type KeptSample } from '../../../history/kept-sample.ts'
import { maxCounted, maxTimed, type SampledRun } from '../../../history/sample.ts'
import { newestFirst } from '../../../history/scanning.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunReading } from '../reading.ts'

export type RunTally = KeptSample & {
  /** Whether it has yet to take over what an earlier one found. */
  isBehind(): boolean
  /** `budget` is in microseconds or so. */
  advance(budget: number): void
  /** The same; but where some are known, only what has changed since. */
  look(budget: number): void
}

const columns = sql`r.status, r.duration, r.tokens, r.cost`

/** Valid until the database changes. */
export function createRunTally(reading: RunReading, selection: RunSelection, earlier?: Earlier<SampledRun>): RunTally {
  const found = reading.read(selection)
  const sample = createKeptSample()
  let steps = chunks()
  const areKnown = earlier !== undefined && earlier.rows.length > 0
  let isCaughtUp = false
  sample.begin(found.range, found.sums && found.checks.size > 0 ? maxTimed : maxCounted)

  function* chunks() {
    const asked = { columns, order: newestFirst, isForward: true, from: undefined }
    for (const { known, range, end, isNew } of partsOf(found.isNothing ? undefined : earlier, found.range)) {
      if (isNew) {
        isCaughtUp = true
        yield { rows: [], to: { seq: range.high }, cost: 0 }
      }
      if (known) yield { rows: known, to: end, cost: 0 }
      else {
        const read = reading.matching<SampledRun>({ ...found, range }, { ...asked, size: sample.missing() })
        // A step is charged as a whole, and what has changed lately takes little of it.
        let isFree = end !== undefined
        for (const { rows, to = end, cost } of read) {
          yield { rows, to, cost: isFree ? 0 : cost }
          isFree = false
        }
      }
    }
  }

  /** A generator that has thrown is at its end, as if there were no more runs. */
  function next() {
    try {
      return steps.next()
    } catch (error) {
      sample.beginAgain()
      steps = chunks()
      isCaughtUp = false
      throw error
    }
  }

  function advance(budget: number, isEnough = () => false): void {
    let isAtEnd = false
    for (let spent = 0; sample.canGrow() && !isEnough() && (spent < budget || isAtEnd); ) {
      const { done, value } = next()
      if (done) sample.end()
      else {
        sample.add(value)
        spent += value.cost
        isAtEnd = value.to === undefined
      }
    }
  }

  const isBehind = () => earlier !== undefined && !isCaughtUp && sample.canGrow()
  return { ...sample, isBehind, advance, look: (budget) => advance(budget, () => isCaughtUp && areKnown) }
}
