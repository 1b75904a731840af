/** A range of time: from <= time < to. */
export type TimeRange = { from: number; to: number }
export type RunBar = TimeRange & { runs: number; byStatus: Map<string, number> }

export type RunFigures = {
  /** What the bars show: the time that was selected, or from the first run until now. Undefined when there is none. */
  time: (TimeRange & { step: number }) | undefined
  /** At most 60, one after the other, also where no run started. */
  bars: (RunBar & { cost: number })[]
  /** Runs that are in no bar: few, and far from all others. */
  outside: { earlier: number; later: number }
  runs: number
  byStatus: Map<string, number>
  tokens: number
  cost: number
  /** Seconds within which half of the runs, and 95 of 100, ended; undefined when no duration is known. */
  p50: number | undefined
  p95: number | undefined
  /** Where only the newest runs were looked at: how many, and whether for everything above or for p50 and p95 alone. */
  sample: { of: 'all' | 'durations'; runs: number } | undefined
  total: { runs: number; isExact: boolean }
}

/** What the runs of an agent, or of a workflow of Python's own, come to. */
export type AgentFigures = {
  agent: string
  byStatus: Map<string, number>
  /** Seconds within which half of its runs ended: of the newest ones, where there are many. */
  p50: number | undefined
  /** Null where no run told. */
  cost: number | null
}
