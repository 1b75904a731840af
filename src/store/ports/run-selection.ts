import type { WantedTerm } from '../../shared/search/words.ts'

/** What a run is called by: the agent as in RunSummary, the status, the workflow, and who started it, which not every run has. */
export type NameKind = 'agent' | 'status' | 'workflow' | 'by'

/** What an id has to begin with, and end with. */
export type IdPattern = { start: string; end: string }

/** Bounds of what is measured: dollars, tokens, seconds, or a start. A run that does not have the value is outside of
 * every range; within an empty one are all that have it. */
export type MeasuredRange = { from?: number; above?: number; upTo?: number; below?: number }

/** What is asked of a run's summary. With `isNot`, all runs pass that would not pass without it. */
export type RunTest = { isNot: boolean } & (
  | { of: NameKind; values: string[] }
  | { of: 'cost' | 'tokens' | 'duration' | 'started'; range: MeasuredRange }
  | { of: 'id'; id: string }
  | ({ of: 'id' } & IdPattern)
  /** One of these at least. */
  | { of: 'any'; tests: RunTest[] }
)

export type RunTexts = { inputs: string | null; outputs: string | null; error: string | null }

/** Words that stand all in one of these texts, in any order, as `searchedText` and `tokens` take texts apart. */
export type WordsIn = { texts: (keyof RunTexts)[]; terms: WantedTerm[] }

/** Of each of `all`, a run has one at least; of `none`, it has not one. */
export type WordQuery = { all: WordsIn[][]; none: WordsIn[] }

/** What a search may look at. `started` is NaN where nobody can read it. */
export type SearchedRun = RunTexts & {
  id: string
  agent: string
  status: string
  workflow: string
  by: string | null
  started: number
  duration: number | null
  tokens: number | null
  cost: number | null
}

export type TextSearch = {
  /** What every run has for which `holds` is true; undefined where words cannot tell. */
  words: WordQuery | undefined
  /** Whether no other run has these words. Then there is no need to read the texts of a run whose words are known. */
  isEnough: boolean
  /** Pure. Decides for one run; a store calls it for as few as it can. */
  holds(run: SearchedRun): boolean
  /** Searches of the same key hold for the same runs. */
  key: string
}

/** Which runs: those for which all of this holds. Only the store knows how to reach them. A selection without anything
 * has all runs; an empty list of names has none. */
export type RunSelection = {
  agents?: string[] | undefined
  /** Besides `agents`, runs of no agent: Python's own, that are not named like an agent that is registered. */
  isLocal?: boolean | undefined
  statuses?: string[] | undefined
  workflows?: string[] | undefined
  /** Of each, one of the values, or none of them. */
  names?: { of: Exclude<NameKind, 'by'>; values: string[]; isNot: boolean }[] | undefined
  /** from <= started < to. */
  from?: number | undefined
  to?: number | undefined
  longerThanSeconds?: number | undefined
  tests?: RunTest[] | undefined
  text?: TextSearch | undefined
}
