import type { RunSummary } from './runs.ts'

/** A run as lists show it. `error` is the first 200 characters. `inputLine` says on one line what the run was given;
 * null where it was given nothing, or, for a moment, of a run that another program wrote. */
export type FoundRun = RunSummary & { rerunOf: string | null; error: string | null; inputLine: string | null }

/** By start, or by a value; runs without the value come last either way. Of equals, those that came later go first. */
export type RunOrder = { by: 'started' | 'duration' | 'tokens' | 'cost'; isDescending: boolean }

/** Where in an order a run is. Opaque: the store makes it; it may stand in an address, and outlives the run. */
export type RunPosition = string

/** The page after a position, from it on (the run there included), or before it. One of them, or none for the first. */
export type PageStart = { after?: RunPosition; from?: RunPosition; before?: RunPosition }

export type PageRequest = PageStart & {
  order: RunOrder
  max: number
  /** Looks for a shorter while, as nobody waits for it: then it gives way to requests sooner. */
  isBackground?: boolean
}

export type RunPage = {
  runs: (FoundRun & { position: RunPosition })[]
  /** Whether there may be more: after the last, or in a page before a position, before the first. */
  isMore: boolean
  /** Where the search got to, when it was interrupted so that nobody waits for long; and the start of the runs there.
   * Between there and the runs of the page none is selected. The next page begins there. */
  searchedTo: { position: RunPosition; startedAt: number } | undefined
}

/** When it is not exact there are at least so many. By status, where that is cheap to know. */
export type RunCount = { runs: number; byStatus: Map<string, number> | undefined; isExact: boolean }

/** A page of a list and what surrounds it, all of one moment. The counts are never below what the page shows. */
export type RunListPage = RunPage & {
  /** Of all statuses, whichever are selected. */
  counts: RunCount
  /** Of the selection itself. */
  total: { runs: number; isExact: boolean }
  /** Those of the whole history that is asked about, in order, some hundred at most; of agents, those that have runs of ours. */
  names: { statuses: string[]; workflows: string[]; agentIds: string[] }
}
