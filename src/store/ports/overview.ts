import type { TimeRange } from './run-figures.ts'
import type { FoundRun } from './run-pages.ts'

/** What runs of a range come to; null where no run told. */
export type RangeSums = { byStatus: Map<string, number>; tokens: number | null; cost: number | null }

export type OverviewRequest = {
  now: number
  /** Whole hours. */
  lastDay: TimeRange
  /** Days of any zone. */
  today: TimeRange
  before: TimeRange
  /** Failures are those of the first of these ranges in which a run failed, or of the last. */
  failedWithin: TimeRange[]
  maxFailures: number
  maxNewest: number
  maxAgents: number
  /** The longest run of an agent is looked for among so many of its newest. */
  maxCompared: number
}

/** What happened lately, all of one moment. Runs are newest first. */
export type OverviewFacts = {
  /** Hour by hour; an hour in which no run started may be missing. */
  hours: { at: number; byStatus: Map<string, number> }[]
  today: RangeSums
  before: RangeSums
  /** The hour in which the first of all runs started. */
  firstHour: number | undefined
  /** When the newest run started; one that is dated after `now` counts only where there is no other. */
  newestAt: number | undefined
  /** Running or queued. */
  unfinished: { runs: number; newest: FoundRun[] }
  /** `within` is the index of the range; `all` counts those that are not among `newest`, too. */
  failures: { within: number; all: number; newest: FoundRun[]; isMore: boolean }
  /** The newest failures, whenever they were. */
  latestFailures: FoundRun[]
  /** The agents, and workflows of Python's own, whose runs of the last day took longest on average, slowest first. */
  slowest: {
    agent: string
    /** Of a known duration. */
    runs: number
    meanSeconds: number
    longest: { id: string; agentId: string | null; durationSeconds: number } | undefined
  }[]
}
