import type { Clock } from '../../shared/clock.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { createRunIndex, type HistoryProgress } from '../../store/sqlite/history/filling.ts'
import { createSearchIndex } from '../../store/sqlite/history/search-index.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import type { EventStream } from '../events.ts'

/** Between two steps: requests go first. */
const restMs = 5
/** Whether there is something to do; also how late a search knows of a run. */
const pollMs = 300
/** While older rows are taken in, a run of now waits this long to be found. */
const searchEveryMs = 500
/** So many segments of the search are worth a merge. */
const mostUnmerged = 8
/** Everything is written silently; open pages hear of it this often while there is much to do. */
const pace = { busyMs: pollMs, retryMs: 60_000, announceEveryMs: 1000 }

/** What lists and searches do not have yet. */
export type HistoryState = {
  /** How far older rows are read. Undefined when all are. */
  reading: HistoryProgress | undefined
  /** Runs whose text a search does not find yet; `mostUnsearched` stands for that many or more. */
  unsearched: number
}
const mostUnsearched = 100_000

export type HistoryIndex = ReturnType<typeof createHistoryIndex>

/**
 * Keeps what lists and searches read up with the history, in the background, in steps of a few milliseconds: rows that
 * were there before this program was, and the text of every run that was written, whoever wrote it. How far it is
 * stands in the database, so a start after any kind of end goes on from there.
 */
export function createHistoryIndex(deps: { store: Store; clock: Clock; events: EventStream }) {
  const { store, clock, events } = deps
  const runs = createRunIndex(store, clock.elapsed)
  const search = createSearchIndex(store, clock.elapsed)
  /** At least as many steps of the search as have not been merged; there may be some from before. */
  let unmerged = mostUnmerged
  let searchedAt = Number.NEGATIVE_INFINITY
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step,
    announce: () => store.write(() => undefined, { isRepeatable: true }),
    onError: (error) => events.emit('failure', { error, task: 'history index' }),
    pace,
  })

  async function readSome(): Promise<void> {
    await runs.step()
    if (runs.progress() === undefined && !loop.isStopped()) events.emit('history-read', {})
  }

  async function searchSome(): Promise<void> {
    searchedAt = clock.elapsed()
    await search.step()
    unmerged++
  }

  async function mergeSome(): Promise<void> {
    if (!(await search.merge())) unmerged = 0
  }

  /** What is most urgent now, of which open pages hear or not. */
  function nextStep(): { run: () => Promise<void>; hasNews: boolean } | undefined {
    const isBehind = search.isBehind()
    if (isBehind && clock.elapsed() - searchedAt >= searchEveryMs) return { run: searchSome, hasNews: true }
    if (unmerged >= mostUnmerged) return { run: mergeSome, hasNews: false }
    if (runs.progress() !== undefined) return { run: readSome, hasNews: true }
    if (isBehind) return { run: searchSome, hasNews: true }
    return unmerged > 0 ? { run: mergeSome, hasNews: false } : undefined
  }

  async function step(): Promise<StepResult> {
    const next = nextStep()
    await next?.run()
    const isComplete = runs.progress() === undefined && !search.isBehind()
    return { restMs: next ? restMs : pollMs, hasNews: next?.hasNews ?? false, isComplete }
  }

  return {
    /** Reads the newest of the older rows before anybody asks, and has an index of another version made anew. */
    begin(): void {
      runs.begin()
      search.begin()
    },

    start: (): void => loop.start(),

    /** Resolves when nothing is written any more. */
    stop: loop.stop,

    state: (): HistoryState => ({ reading: runs.progress(), unsearched: search.waiting(mostUnsearched) }),
  }
}
