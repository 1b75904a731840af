import type { HistoryStore } from '../../store/ports/history.ts'
import type { FoundRun } from '../../store/ports/run-pages.ts'
import type { Registry } from '../registry/registry.ts'
import { listedRun } from '../runs/listed-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { type RunColumn, writeColumn } from './columns.ts'
import { type PinnedValue, pinnedValue } from './pinned-value.ts'

/** `pinned`: the value of each pinned column, by its name. */
export type RunListRow = ListedRun & { pinned: Map<string, PinnedValue | undefined> }

export function createListRows(history: Pick<HistoryStore, 'texts'>, registry: Registry) {
  /** Kept as long as the store gives the same page. */
  const shown = new WeakMap<FoundRun[], { columns: string; runs: Promise<RunListRow[]> }>()

  function rowsOf(runs: FoundRun[], columns: RunColumn[]): Promise<RunListRow[]> {
    const key = JSON.stringify(columns)
    const known = shown.get(runs)
    if (known?.columns === key) return known.runs
    const read = readRuns(runs, columns)
    shown.set(runs, { columns: key, runs: read })
    read.catch(() => shown.delete(runs))
    return read
  }

  const listed = (run: FoundRun) => listedRun(run, registry)

  /** Payloads can be megabytes: one after the other, and only pinned values are kept. */
  async function readRuns(runs: FoundRun[], columns: RunColumn[]): Promise<RunListRow[]> {
    const rows: RunListRow[] = []
    for (const run of runs) rows.push({ ...listed(run), pinned: await pinnedOf(run.id, columns) })
    return rows
  }

  async function pinnedOf(id: string, columns: RunColumn[]): Promise<RunListRow['pinned']> {
    const pinned = columns.filter((column) => column.kind === 'pinned')
    const texts = pinned.length === 0 ? undefined : await history.texts(id)
    const valueAt = (side: 'in' | 'out', path: string[]) =>
      pinnedValue((side === 'in' ? texts?.inputs : texts?.outputs) ?? null, path)
    return new Map(pinned.map((column) => [writeColumn(column), valueAt(column.side, column.path)]))
  }

  return { rowsOf, listed }
}
