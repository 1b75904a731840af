import { causeOf } from '../runs/failure-cause.ts'

export type FailureGroup<Run> = {
  /** The error's own words where all have the same; empty when none was recorded. */
  cause: string
  pattern: string
  agent: string
  runs: number
  newest: Run
}

/** Runs come newest first; groups come largest first, then newest. */
export function groupFailures<Run extends { agent: string; error: string | null }>(runs: Run[]): FailureGroup<Run>[] {
  const groups = new Map<string, FailureGroup<Run>>()
  for (const run of runs) {
    const { text, pattern } = causeOf(run.error)
    const key = JSON.stringify([run.agent, pattern.toLowerCase()])
    const group = groups.get(key)
    if (!group) groups.set(key, { cause: text, pattern, agent: run.agent, runs: 1, newest: run })
    else {
      group.runs++
      if (group.cause !== text) group.cause = causeOf(group.newest.error).pattern
    }
  }
  return [...groups.values()].sort((a, b) => b.runs - a.runs)
}
