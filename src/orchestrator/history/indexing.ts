import type { Clock } from '../../shared/clock.ts'
import type { HistoryProgress } from '../../store/ports/history.ts'
import type { Store } from '../../store/ports.ts'
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
export function createHistoryIndex(deps: {
  store: Pick<Store, 'history' | 'checkpointed'>
  clock: Clock
  events: EventStream
}) {
  const { store, clock, events } = deps
  const { history } = store
  /** At least as many steps of the search as have not been merged; there may be some from before. */
  let unmerged = mostUnmerged
  let searchedAt = Number.NEGATIVE_INFINITY
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step,
    announce: history.announce,
    onError: (error) => events.emit('failure', { error, task: 'history index' }),
    pace,
  })

  async function readSome(): Promise<void> {
    await history.takeIn()
    if ((await history.progress()) === undefined && !loop.isStopped()) events.emit('history-read', {})
  }

  async function searchSome(): Promise<void> {
    searchedAt = clock.elapsed()
    await history.index()
    unmerged++
  }

  async function mergeSome(): Promise<void> {
    if (!(await history.tidyIndex())) unmerged = 0
  }

  const isSearchBehind = async () => (await history.unindexed(1)) > 0

  /** What is most urgent now, of which open pages hear or not. */
  async function nextStep(): Promise<{ run: () => Promise<void>; hasNews: boolean } | undefined> {
    const isBehind = await isSearchBehind()
    if (isBehind && clock.elapsed() - searchedAt >= searchEveryMs) return { run: searchSome, hasNews: true }
    if (unmerged >= mostUnmerged) return { run: mergeSome, hasNews: false }
    if ((await history.progress()) !== undefined) return { run: readSome, hasNews: true }
    if (isBehind) return { run: searchSome, hasNews: true }
    return unmerged > 0 ? { run: mergeSome, hasNews: false } : undefined
  }

  async function step(): Promise<StepResult> {
    const next = await nextStep()
    await next?.run()
    const isComplete = (await history.progress()) === undefined && !(await isSearchBehind())
    return { restMs: next ? restMs : pollMs, hasNews: next?.hasNews ?? false, isComplete }
  }

  return {
    start: (): void => loop.start(),

    /** Resolves when nothing is written any more. */
    stop: loop.stop,

    state: async (): Promise<HistoryState> => ({
      reading: await history.progress(),
      unsearched: await history.unindexed(mostUnsearched),
    }),
  }
}
