import type { Zone } from '../../shared/time/zone.ts'
import type { OverviewFacts, OverviewRequest } from './overview.ts'
import type { AgentFigures, RunFigures, TimeRange } from './run-figures.ts'
import type { FoundRun, PageRequest, RunCount, RunListPage, RunOrder, RunPage, RunPosition } from './run-pages.ts'
import type { IdPattern, NameKind, RunSelection, RunTexts } from './run-selection.ts'

/** Names and ids that a filter names, to be looked up. An id is whole, or any that fits. */
export type NamesAsked = {
  names: { kind: NameKind; name: string }[]
  ids: (IdPattern & { isWhole: boolean })[]
}
export type NamesFound = {
  /** Those that a run has to the letter. */
  names: { kind: NameKind; name: string }[]
  /** For each kind with a missing name, all names of that kind; undefined where there are too many. */
  all: { [kind in NameKind]?: string[] | undefined }
  ids: (IdPattern & { isWhole: boolean })[]
}

/** What is kept of a run besides what lists show. */
export type KeptTexts = RunTexts & { traceId: string | null }

export type ExportedRun = FoundRun & KeptTexts

export type HistoryProgress = { done: number; total: number }

/** Finds runs again, and counts them. A run that was written can be found at once; its texts a moment later, when they
 * are indexed: until then searches read them. Whoever asks waits for tens of milliseconds at most; what takes longer
 * is interrupted, says so, and lets others go between two steps. */
export type HistoryStore = {
  /** Looks up what a filter names, so that it can be written as it is known: among the runs of `agents`, or among all. */
  lookUp(asked: NamesAsked, agents?: string[]): Promise<NamesFound>

  page(selection: RunSelection, request: PageRequest): Promise<RunPage>

  /** With the names of the runs of `agents`, or of all. */
  list(selection: RunSelection, request: PageRequest, agents?: string[]): Promise<RunListPage>

  count(selection: RunSelection): Promise<RunCount>

  /** Counts for the lists and figures of a selection that are asked for next: to the end in a small history; in a large
   * one to 10,000 runs or for a second or two, and only where `isPatient`. Resolves to whether that came to its end. */
  countAhead(selection: RunSelection, isPatient: boolean): Promise<boolean>

  /** How many runs are later than a position in the order by start, up to `max`. */
  countAfter(selection: RunSelection, position: RunPosition, max: number): Promise<{ runs: number; isExact: boolean }>

  /** The chart of a selection, with bars that begin with the days of a zone, and the figures beside it. */
  figures(selection: RunSelection, now: number, zone: Zone): Promise<RunFigures>

  /** In dollars, what the runs that started in each of these ranges cost; null where none told. Of `agents`, or of all. */
  costs(ranges: TimeRange[], agents?: string[]): Promise<(number | null)[]>

  /** The same by agent, or workflow of Python's own; without those that cost nothing. */
  costsByAgent(ranges: TimeRange[]): Promise<Map<string, number>[]>

  /** Each agent with a run in a range of whole hours, in no order. */
  agentFigures(range: TimeRange): Promise<AgentFigures[]>

  /** Of these runs those that exist, newest first. */
  found(ids: string[]): Promise<FoundRun[]>

  texts(id: string): Promise<KeptTexts | undefined>

  /** All runs of a selection, some at a time, none twice. Others may be added and deleted meanwhile; only what is read
   * is made, so whoever reads slowly holds nothing up. */
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

  /** Writes input lines of runs that were there before they were written. Resolves to whether there was one to write. */
  addInputLines(): Promise<boolean>

  /** Makes searches quicker after that, where they suffer. Resolves to whether more of it is left to do. */
  tidyIndex(): Promise<boolean>
}
