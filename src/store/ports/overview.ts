import type { TimeRange } from './run-figures.ts'
import type { FoundRun } from './run-pages.ts'

export type OverviewRequest = {
  now: number
  /** Of these alone, where given. */
  agents?: string[] | undefined
  lastDay: TimeRange
  /** The agents whose failed runs are counted, and since when. */
  failedSince: { agent: string; since: number }[]
  /** Such a count ends there. */
  maxCounted: number
  maxFailures: number
  maxUnfinished: number
  maxLatest: number
  /** p50 and p95 are those of so many of the newest runs with a known duration. */
  maxDurations: number
}

/** As much of a failed run as it takes to group failures. The error is cut off, as in FoundRun. */
export type Failure = Pick<FoundRun, 'agent' | 'agentId' | 'startedAt' | 'error'>

/** What happened lately, all of one moment. Runs are newest first. */
export type OverviewFacts = {
  /** Hour by hour; an hour in which no run started may be missing. */
  hours: { at: number; byStatus: Map<string, number> }[]
  /** Seconds within which half of the runs of the last day, and 95 of 100, ended; undefined when none has said. */
  p50: number | undefined
  p95: number | undefined
  /** When the newest run started; one that is dated after `now` counts only where there is no other. */
  newestAt: number | undefined
  /** Those that are running before those that are queued. */
  unfinished: { runs: number; newest: FoundRun[] }
  latest: FoundRun[]
  /** Of the last day. `all` counts those that are not among `newest`, too. */
  failures: { all: number; newest: Failure[]; isMore: boolean }
  failedSince: number[]
}
