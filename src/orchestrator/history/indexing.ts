import type { Clock } from '../../shared/clock.ts'
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
  /** Undefined when all older rows are read. */
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

/**
 * Keeps what lists and searches read up to date, in small steps. Progress is in the database: a restart continues
 * there.
 */
export function createHistoryIndex(deps: {
  store: Pick<Store, 'history' | 'checkpointed'>
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

  async function addLines(): Promise<void> {
    hasAllLines = !(await history.addInputLines())
  }

  async function mergeSome(): Promise<void> {
    if (!(await history.tidyIndex())) unmerged = 0
  }

  const isSearchBehind = async () => (await history.unindexed(1)) > 0

  /** What is most urgent. `hasNews`: open pages hear of it. */
  async function nextStep(): Promise<{ run: () => Promise<void>; hasNews: boolean } | undefined> {
    const isBehind = await isSearchBehind()
    if (isBehind && clock.elapsed() - searchedAt >= searchEveryMs) return { run: searchSome, hasNews: true }
    if (unmerged >= minUnmerged) return { run: mergeSome, hasNews: false }
    if ((await history.progress()) !== undefined) return { run: readSome, hasNews: true }
    if (isBehind) return { run: searchSome, hasNews: true }
    if (!hasAllLines) return { run: addLines, hasNews: true }
    return unmerged > 0 ? { run: mergeSome, hasNews: false } : undefined
  }

  async function step(): Promise<StepResult> {
    const next = await nextStep()
    await next?.run()
    const isComplete = (await history.progress()) === undefined && !(await isSearchBehind()) && hasAllLines
    return { restMs: next ? restMs : pollMs, hasNews: next?.hasNews ?? false, isComplete }
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
