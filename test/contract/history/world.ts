import type { RunFilter, RunSort } from '../../../src/orchestrator/history/filter.ts'
import type { HistoryStore } from '../../../src/store/ports/history.ts'
import type { Store } from '../../../src/store/ports.ts'
import type { Indexed, PlainRun } from '../../support/runs/plain-runs.ts'

/** A store with a history of its own that a test fills, and what looking at each of its runs finds. */
export type HistoryWorld = {
  store: Store
  /** Its history; and, where the store can be made to, the same with limits so small that it stops at every occasion. */
  histories: HistoryStore[]
  clear(): void | Promise<void>
  /** Writes a run as another program may, with an id by its number: `run-0`. */
  add(run: Omit<PlainRun, 'id'>, indexed: Indexed): string | Promise<string>
  remove(id: string): void | Promise<void>
  naive(filter: RunFilter, sort: RunSort): PlainRun[]
}

/** Gives an empty world, which is closed when the test ends. */
export type OpenHistory = () => HistoryWorld | Promise<HistoryWorld>
