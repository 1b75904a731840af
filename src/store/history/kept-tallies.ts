import { LRUCache } from 'lru-cache'
import type { RunSelection } from '../ports/run-selection.ts'
import type { ChangedRuns } from './changed-runs.ts'
import type { Earlier, KeptRuns } from './kept-runs.ts'
import type { KeptSample } from './kept-sample.ts'
import type { SampledRun } from './sample.ts'

/** Tallies are large; a list and its chart need the same one. */
const maxKept = 8

type Base = { version: number; runs: KeptRuns<SampledRun> }
/** `base`: what the tally takes over. */
type Kept<Tally> = { key: string; at: string; version: number; tally: Tally; base: Base | undefined }

/** One tally per selection and revision. Each continues from what the tally of the previous revision found. */
export function createKeptTallies<Tally extends Pick<KeptSample, 'kept'> & { isBehind(): boolean }>(deps: {
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
    const base = last && !selection.isLocal ? baseOf(last) : undefined
    // Before it is known what has changed: what comes between the two is looked at again.
    const version = changedRuns.version()
    const changed = base && changedRuns.since(base.version)
    const tally = create(selection, base && changed && { ...base.runs, changed })
    const kept = { key, at, version, tally, base: changed && base }
    tallies.set(key, kept)
    lastOf.set(anyTime, kept)
    return tally
  }
}

/** A tally that has not caught up yet passes on what it began with. */
function baseOf<Tally extends Pick<KeptSample, 'kept'> & { isBehind(): boolean }>(kept: Kept<Tally>): Base {
  const { tally, version, base } = kept
  return base && tally.isBehind() ? base : { version, runs: tally.kept() }
}
