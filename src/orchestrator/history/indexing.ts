import type { Clock } from '../../shared/clock.ts'
import { StoreBusyError } from '../../shared/errors.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { createRunIndex, type HistoryProgress } from '../../store/sqlite/history/filling.ts'
import { createSearchIndex } from '../../store/sqlite/history/search-index.ts'

/** Between two steps: requests go first. */
const restMs = 5
/** Whether there is something to do; also how late a search knows of a run. */
const pollMs = 300
/** While older rows are taken in, a run of now waits this long to be found. */
const searchEveryMs = 500
/** So many segments of the search are worth a merge. */
const mostUnmerged = 8
/** While there is much to do, so often those who show the history are told that it has grown. */
const announceEveryMs = 1000
const retryMs = 60_000

/** What lists and searches do not have yet. */
export type HistoryState = {
  /** How far older rows are read. Undefined when all are. */
  reading: HistoryProgress | undefined
  /** Runs whose text a search does not find yet; `mostUnsearched` stands for that many or more. */
  unsearched: number
}
export const mostUnsearched = 100_000

export type HistoryIndex = ReturnType<typeof createHistoryIndex>

/**
 * Keeps what lists and searches read up with the history, in the background, in steps of a few milliseconds: rows that
 * were there before this program was, and the text of every run that was written, whoever wrote it. How far it is
 * stands in the database, so a start after any kind of end goes on from there. `onRead` is called once, when the older
 * rows have all been read.
 */
export function createHistoryIndex(deps: {
  store: Store
  clock: Clock
  onRead: () => void
  onError: (error: unknown) => void
}) {
  const { store, clock, onRead, onError } = deps
  const runs = createRunIndex(store, clock.elapsed)
  const search = createSearchIndex(store, clock.elapsed)
  let isStopped = false
  let cancelNext = () => {}
  let underWay: Promise<void> = Promise.resolve()
  /** At least as many steps of the search as have not been merged; there may be some from before. */
  let unmerged = mostUnmerged
  let hasNews = false
  let searchedAt = Number.NEGATIVE_INFINITY
  let announcedAt = Number.NEGATIVE_INFINITY

  async function readSome(): Promise<void> {
    await runs.step()
    hasNews = true
    if (runs.progress() === undefined && !isStopped) onRead()
  }

  async function searchSome(): Promise<void> {
    searchedAt = clock.elapsed()
    await search.step()
    hasNews = true
    unmerged++
  }

  async function mergeSome(): Promise<void> {
    if (!(await search.merge())) unmerged = 0
  }

  /** One step of whatever is most urgent. Resolves to whether there was something to do. */
  async function step(): Promise<boolean> {
    const isBehind = search.isBehind()
    if (isBehind && clock.elapsed() - searchedAt >= searchEveryMs) await searchSome()
    else if (unmerged >= mostUnmerged) await mergeSome()
    else if (runs.progress() !== undefined) await readSome()
    else if (isBehind) await searchSome()
    else if (unmerged > 0) await mergeSome()
    else return false
    return true
  }

  /** What was written so far was silent. */
  async function announce(): Promise<void> {
    const isDue = clock.elapsed() - announcedAt >= announceEveryMs
    if (!hasNews || !(isDue || (runs.progress() === undefined && !search.isBehind()))) return
    hasNews = false
    announcedAt = clock.elapsed()
    await store.write(() => undefined, { isRepeatable: true })
  }

  async function turn(): Promise<number> {
    try {
      await store.checkpointed()
      const didSomething = !isStopped && (await step())
      await announce()
      return didSomething ? restMs : pollMs
    } catch (error) {
      if (error instanceof StoreBusyError) return pollMs
      onError(error)
      return retryMs
    }
  }

  function after(ms: number): void {
    if (isStopped) return
    cancelNext = clock.after(ms, () => {
      underWay = turn().then(after)
    })
  }

  return {
    /** Reads the newest of the older rows before anybody asks, and has an index of another version made anew. */
    begin(): void {
      runs.begin()
      search.begin()
    },

    start: (): void => after(0),

    /** Resolves when nothing is written any more. */
    async stop(): Promise<void> {
      isStopped = true
      cancelNext()
      await underWay
    },

    state: (): HistoryState => ({ reading: runs.progress(), unsearched: search.waiting(mostUnsearched) }),
  }
}
