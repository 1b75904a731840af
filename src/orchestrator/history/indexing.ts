import type { Clock } from '../../shared/time/clock.ts'
import type { HistoryProgress } from '../../store/ports/history.ts'
import type { Store } from '../../store/ports.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import type { EventStream } from '../events.ts'

const restMs = 5
/** How late a search knows of a run. */
const pollMs = 300
/** While older rows are read, a new run waits this long to be found. */
const searchEveryMs = 500
/** Segments that are worth a merge. */
const minUnmerged = 8
/** Steps are silent; open pages hear of them this often. */
const pace = { busyMs: pollMs, retryMs: 60_000, announceEveryMs: 1000 }

export type HistoryState = {
  reading: HistoryProgress | undefined
  /** Runs whose text is not indexed yet; at most `maxUnsearched`. */
  unsearched: number
}
const maxUnsearched = 100_000

export type HistoryIndex = {
  start(): void
  stop(): Promise<void>
  state(): Promise<HistoryState>
}

/** Keeps what lists and searches read up to date, in small steps. A restart continues from the progress in the
 * database. */
export function createHistoryIndex(deps: {
  store: Pick<Store, 'history' | 'checkpointed' | 'announce'>
  clock: Clock
  events: EventStream
}): HistoryIndex {
  const { store, clock, events } = deps
  const { history } = store
  /** An upper bound; some may be left from before. */
  let unmerged = minUnmerged
  let hasAllLines = false
  let searchedAt = Number.NEGATIVE_INFINITY
  const loop = createBackgroundLoop({
    clock,
    ready: store.checkpointed,
    step,
    announce: store.announce,
    onError: (error) => events.emit('failure', { error, task: 'history index' }),
    pace,
  })

  // Each resolves to whether open pages have to hear of it.
  async function readSome(): Promise<boolean> {
    await history.takeIn()
    if ((await history.progress()) === undefined && !loop.isStopped()) events.emit('history-read', {})
    return true
  }

  async function searchSome(): Promise<boolean> {
    searchedAt = clock.elapsed()
    await history.index()
    unmerged++
    return true
  }

  async function addLines(): Promise<boolean> {
    hasAllLines = !(await history.addInputLines())
    return !hasAllLines
  }

  async function mergeSome(): Promise<boolean> {
    if (!(await history.tidyIndex())) unmerged = 0
    return false
  }

  const isSearchBehind = async () => (await history.unindexed(1)) > 0

  async function mostUrgent(): Promise<(() => Promise<boolean>) | undefined> {
    const isBehind = await isSearchBehind()
    if (isBehind && clock.elapsed() - searchedAt >= searchEveryMs) return searchSome
    if (unmerged >= minUnmerged) return mergeSome
    if ((await history.progress()) !== undefined) return readSome
    if (isBehind) return searchSome
    if (!hasAllLines) return addLines
    return unmerged > 0 ? mergeSome : undefined
  }

  async function step(): Promise<StepResult> {
    const next = await mostUrgent()
    const hasNews = (await next?.()) ?? false
    const isAddingLines = next === addLines && hasNews
    const isComplete = !isAddingLines && (await history.progress()) === undefined && !(await isSearchBehind())
    return { restMs: next ? restMs : pollMs, hasNews, isComplete }
  }

  return {
    start: () => loop.start(),

    stop: loop.stop,

    state: async () => ({
      reading: await history.progress(),
      unsearched: await history.unindexed(maxUnsearched),
    }),
  }
}
