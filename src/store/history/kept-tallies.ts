import { LRUCache } from 'lru-cache'
import type { RunSelection } from '../ports/run-selection.ts'
import type { ChangedRuns } from './changed-runs.ts'
import type { Earlier } from './kept-runs.ts'
import type { KeptSample } from './kept-sample.ts'
import type { SampledRun } from './sample.ts'

/** Tallies are large; a list and its chart need the same one. */
const maxKept = 8

type Kept<Tally> = { key: string; at: string; version: number; tally: Tally }

/** Tallies of one revision, each of which goes on with what that of the revision before has found. */
export function createKeptTallies<Tally extends Pick<KeptSample, 'kept'>>(deps: {
  revision: () => string
  changedRuns: Pick<ChangedRuns, 'version' | 'since'>
  create: (selection: RunSelection, earlier: Earlier<SampledRun> | undefined) => Tally
}): (selection: RunSelection) => Tally {
  const { revision, changedRuns, create } = deps
  const tallies = new LRUCache<string, Kept<Tally>>({ max: maxKept })
  const lastOf = new LRUCache<string, Kept<Tally>>({ max: maxKept })

  return (selection) => {
    const key = JSON.stringify(selection)
    // The beginning of a range of time moves on with the clock.
    const anyTime = JSON.stringify({ ...selection, from: undefined })
    const at = revision()
    const last = tallies.get(key) ?? lastOf.get(anyTime)
    if (last?.at === at && last.key === key) return last.tally
    // Which runs are of no agent is not told by runs alone.
    const changed = last && !selection.isLocal ? changedRuns.since(last.version) : undefined
    const version = changedRuns.version()
    const tally = create(selection, last && changed && { ...last.tally.kept(), changed })
    const kept = { key, at, version, tally }
    tallies.set(key, kept)
    lastOf.set(anyTime, kept)
    return tally
  }
}
