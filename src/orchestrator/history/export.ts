import { AppError } from '../../shared/errors.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { createRunLists, type ListedRunRow } from '../../store/sqlite/history/list.ts'
import { createRunReading, usualLimits } from '../../store/sqlite/history/reading.ts'
import type { RunPayloads } from '../../store/sqlite/history/selection.ts'
import { createRunPayloads } from '../../store/sqlite/runs/payloads.ts'
import type { Registry } from '../registry/registry.ts'
import type { ListedRun } from '../runs/runs.ts'
import { type RunColumn, writeColumn } from './columns.ts'
import type { RunQuery } from './filter.ts'
import type { HistoryState } from './indexing.ts'
import { type PinnedValue, pinnedValue } from './pinned-value.ts'
import { checkedRunQuery } from './query.ts'
import { orderOf, selectionOf } from './selection.ts'

/** A run as it is exported: payloads are the texts that stand in the database. */
export type ExportedRun = ListedRun & {
  rerunOf: string | null
  error: string | null
  inputs: string | null
  outputs: string | null
  /** One for each of the pinned columns. */
  pinned: (PinnedValue | undefined)[]
}

export type RunExport = {
  /** Pinned columns, as they are written in an address. */
  pinned: string[]
  /** All runs that are meant, in the order that was asked for. Each step takes a few milliseconds and may be empty. */
  runs: Generator<ExportedRun[]>
}

type PinnedColumn = Extract<RunColumn, { kind: 'pinned' }>

const rowsAtOnce = 500
/** Looking for them is interrupted as often: see run-reading.ts. */
const budget = 4000
/** Payloads take longer, and can be megabytes each: when as much was read a step is over. */
const payloadsAtOnce = 25
const charactersAtOnce = 64 * 1024

/** Everything that a filter means, whatever page it was asked for from. */
export function createRunExport(deps: {
  store: Store
  registry: Registry
  now: () => number
  historyState: () => HistoryState
}) {
  const { store, registry, now, historyState } = deps
  const reading = createRunReading(store.db, { ...usualLimits, budget })
  const lists = createRunLists(reading)
  const payloadsOf = createRunPayloads(store)

  function exported(row: ListedRunRow, payloads: RunPayloads, columns: PinnedColumn[]): ExportedRun {
    const { inputs, outputs, error } = payloads
    const pinned = columns.map(({ side, path }) => pinnedValue(side === 'in' ? inputs : outputs, path))
    // A run of an agent that Python recorded says so only by its workflow_name being the agent's id.
    const agentId = row.agentId ?? (registry.has(row.agent) ? row.agent : undefined)
    return { ...row, agentId, inputs, outputs, error, pinned }
  }

  function* walk({ filter, sort }: RunQuery, columns: PinnedColumn[]): Generator<ExportedRun[]> {
    for (const rows of lists.walk(selectionOf(filter, reading.known), { order: orderOf(sort), size: rowsAtOnce })) {
      for (let at = 0; at < rows.length; ) {
        const some = rows.slice(at, at + payloadsAtOnce)
        const payloads = payloadsOf(
          some.map(({ id }) => id),
          charactersAtOnce,
        )
        yield payloads.flatMap((found, index) => (found ? [exported(some[index]!, found, columns)] : []))
        at += payloads.length
      }
      // Much may have been looked at in vain.
      yield []
    }
  }

  /** Throws InvalidInputError when the query has a mistake, and AppError (503) while older runs are not read yet. */
  return function open(fields: Record<string, unknown>): RunExport {
    const query = checkedRunQuery(fields, now(), ['format'])
    refuseUnread(historyState(), 'An export would lack the others.')
    const columns = query.columns.filter((column) => column.kind === 'pinned')
    return { pinned: columns.map(writeColumn), runs: walk(query, columns) }
  }
}

/** Of a history that is still being read nobody can have, or change, "all that match". */
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
