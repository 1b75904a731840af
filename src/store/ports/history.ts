import type { IdPattern, NameKind, RunSelection, RunTexts } from './run-selection.ts'
import type { RunSummary } from './runs.ts'

/** A run as lists show it. `error` is the first 200 characters. */
export type FoundRun = RunSummary & { rerunOf: string | null; error: string | null }

/** By start, or by a value; runs without the value come last either way. Of equals, those that came later go first. */
export type RunOrder = { by: 'started' | 'duration' | 'tokens' | 'cost'; isDescending: boolean }

/** Where in an order a run is. Opaque: the store makes it; it may stand in an address, and outlives the run. */
export type RunPosition = string

/** The page after a position, from it on (the run there included), or before it. One of them, or none for the first. */
export type PageStart = { after?: RunPosition; from?: RunPosition; before?: RunPosition }

export type PageRequest = PageStart & {
  order: RunOrder
  /** At most so many runs. */
  max: number
  /** Looks for a shorter while, as nobody waits for it: then it gives way to requests sooner. */
  isBackground?: boolean
}

export type RunPage = {
  /** In the order, each with where it is. */
  runs: (FoundRun & { position: RunPosition })[]
  /** Whether there may be more: after the last, or in a page before a position, before the first. */
  isMore: boolean
  /**
   * Where the search got to, when it was interrupted so that nobody waits for long; and the start of the runs there.
   * Between there and the runs of the page none is selected. The next page begins there.
   */
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
  /** Those of the whole history, in order, some hundred at most; of agents, those that have runs of ours. */
  names: { statuses: string[]; workflows: string[]; agentIds: string[] }
}

/** A range of time: from <= time < to. */
export type TimeRange = { from: number; to: number }
export type RunBar = TimeRange & { runs: number; byStatus: Map<string, number> }

export type RunFigures = {
  /** What the bars show: the time that was selected, or from the first run until now. Undefined when there is none. */
  time: (TimeRange & { step: number }) | undefined
  /** At most 60, one after the other, also where no run started. */
  bars: RunBar[]
  /** Runs that are in no bar: few, and far from all others. */
  outside: { earlier: number; later: number }
  runs: number
  byStatus: Map<string, number>
  /** What is known of them. */
  tokens: number
  cost: number
  /** Seconds within which half of the runs, and 95 of 100, ended; undefined when no duration is known. */
  p50: number | undefined
  p95: number | undefined
  /** Where only the newest runs were looked at: how many, and whether for everything above or for p50 and p95 alone. */
  sample: { of: 'all' | 'durations'; runs: number } | undefined
  /** As in the list of the same selection. */
  total: { runs: number; isExact: boolean }
}

/** Names and ids that a filter names, to be looked up. An id is whole, or any that fits. */
export type NamesAsked = {
  names: { kind: NameKind; name: string }[]
  ids: (IdPattern & { isWhole: boolean })[]
}
/** What there is of them. */
export type NamesFound = {
  /** Those that a run has to the letter. */
  names: { kind: NameKind; name: string }[]
  /** All names of each kind of which one is missing; undefined where there are too many to tell. */
  all: { [kind in NameKind]?: string[] | undefined }
  /** Those that are the id of a run. */
  ids: (IdPattern & { isWhole: boolean })[]
}

export type ExportedRun = FoundRun & RunTexts

/** What runs of a range come to; null where no run told. */
export type RangeSums = { byStatus: Map<string, number>; tokens: number | null; cost: number | null }

export type OverviewRequest = {
  now: number
  /** Whole hours, and whole days. */
  lastDay: TimeRange
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

/** How far runs are taken in that were there before the dashboard was. */
export type HistoryProgress = { done: number; total: number }

/**
 * Finds runs again, and counts them. A run that was written can be found at once; its texts a moment later, when they
 * are indexed: until then searches read them. Whoever asks waits for tens of milliseconds at most; what takes longer is
 * interrupted, says so, and lets others go between two steps.
 */
export type HistoryStore = {
  /** Looks up what a filter names, so that it can be written as it is known. */
  lookUp(asked: NamesAsked): Promise<NamesFound>

  page(selection: RunSelection, request: PageRequest): Promise<RunPage>

  list(selection: RunSelection, request: PageRequest): Promise<RunListPage>

  /** How many runs are selected, as far as that is soon known. */
  count(selection: RunSelection): Promise<RunCount>

  /**
   * Counts for the lists and figures of a selection that are asked for next: to the end in a small history; in a large
   * one to 10,000 runs or for a second or two, and only where `isPatient`. Resolves to whether that came to its end.
   */
  countAhead(selection: RunSelection, isPatient: boolean): Promise<boolean>

  /** How many runs are later than a position in the order by start, up to `max`. */
  countAfter(selection: RunSelection, position: RunPosition, max: number): Promise<{ runs: number; isExact: boolean }>

  /** The chart of a selection, and the figures beside it. */
  figures(selection: RunSelection, now: number): Promise<RunFigures>

  /** What a run was given and gave; undefined when it is gone. */
  texts(id: string): Promise<RunTexts | undefined>

  /**
   * All runs of a selection, some at a time, none twice. Others may be added and deleted meanwhile; only what is read
   * is made, so whoever reads slowly holds nothing up.
   */
  export(selection: RunSelection, order: RunOrder): AsyncIterable<ExportedRun[]>

  overview(request: OverviewRequest): Promise<OverviewFacts>

  /** Whether a text is a position in an order by this. */
  isPosition(text: string, by: RunOrder['by']): boolean

  /** Where in the order by start a run would be that started then. */
  positionAt(startedAt: number): RunPosition

  /** Before the first question: takes in the newest of the runs that were there before the dashboard was. */
  begin(): Promise<void>

  /** Undefined when all runs are taken in. Until then counts and pages lack the others. */
  progress(): Promise<HistoryProgress | undefined>

  /** A step of some milliseconds of that. Silent, as the next two are. */
  takeIn(): Promise<void>

  /** How many runs wait for their texts to be indexed, up to `max`. */
  unindexed(max: number): Promise<number>

  /** Indexes some of them, newest first. */
  index(): Promise<void>

  /** Makes searches quicker after that, where they suffer. Resolves to whether more of it is left to do. */
  tidyIndex(): Promise<boolean>

  /** Moves the store's revision: what was done silently is to be seen. */
  announce(): Promise<void>
}
