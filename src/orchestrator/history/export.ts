import { AppError } from '../../shared/errors.ts'
import type { ExportedRun as FoundExport, HistoryStore } from '../../store/ports/history.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { type RunColumn, writeColumn } from './columns.ts'
import { orderOf, type RunQuery } from './filter.ts'
import type { HistoryState } from './indexing.ts'
import { type PinnedValue, pinnedValue } from './pinned-value.ts'
import { checkedRunQuery } from './query.ts'
import { selectionIn } from './selection.ts'
import { refuseUnknownStatuses } from './statuses.ts'

/** Payloads are the texts in the database. */
export type ExportedRun = Omit<ListedRun, 'cause'> & {
  rerunOf: string | null
  traceId: string | null
  inputs: string | null
  outputs: string | null
  pinned: (PinnedValue | undefined)[]
}

export type RunExport = {
  pinned: string[]
  /** In the order asked for. Each step takes a few milliseconds and may be empty. */
  runs: AsyncIterable<ExportedRun[]>
}

/** Of these runs, or of all that the fields of an address select. Throws InvalidInputError when these have an error,
 * and AppError (503) while older runs are not read yet. */
export type OpenExport = (fields: Record<string, unknown>, runIds?: string[]) => Promise<RunExport>

type PinnedColumn = Extract<RunColumn, { kind: 'pinned' }>

export function createRunExport(deps: {
  history: HistoryStore
  registry: Registry
  now: () => number
  historyState: () => Promise<HistoryState>
}): OpenExport {
  const { history, registry, now, historyState } = deps

  function exported(found: FoundExport, columns: PinnedColumn[]): ExportedRun {
    const { agent: _, ...run } = found
    const pinned = columns.map(({ side, path }) => pinnedValue(side === 'in' ? run.inputs : run.outputs, path))
    return { ...run, agentId: agentOfRun(found, registry), pinned }
  }

  async function* read({ filter, sort }: RunQuery, columns: PinnedColumn[]): AsyncGenerator<ExportedRun[]> {
    const selection = await selectionIn(history, filter)
    for await (const runs of history.export(selection, orderOf(sort))) yield runs.map((run) => exported(run, columns))
  }

  async function* readThese(ids: string[], columns: PinnedColumn[]): AsyncGenerator<ExportedRun[]> {
    for (const run of await history.found(ids)) {
      const texts = await history.texts(run.id)
      if (texts) yield [exported({ ...run, ...texts }, columns)]
    }
  }

  return async function open(fields, runIds) {
    const query = checkedRunQuery(fields, { now: now(), isPosition: history.isPosition }, ['format'])
    const pinned = query.columns.filter((column) => column.kind === 'pinned')
    if (runIds) return { pinned: pinned.map(writeColumn), runs: readThese([...new Set(runIds)], pinned) }
    await refuseUnknownStatuses(query.filter, history)
    refuseUnread(await historyState(), 'An export would lack the others.')
    return { pinned: pinned.map(writeColumn), runs: read(query, pinned) }
  }
}

/** While older runs are being read, nobody can have "all that match". */
export function refuseUnread({ reading }: HistoryState, consequence: string): void {
  if (!reading) return
  const { done, total } = reading
  const progress = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} runs`
  throw new AppError(
    'history-unread',
    503,
    `The history is still being read: ${progress}. ${consequence} Try again when it is done.`,
  )
}
