import { setImmediate } from 'node:timers/promises'
import type { RunCursor } from '../../history/positions.ts'
import { readPosition, writePosition } from '../../history/positions.ts'
import { msOf } from '../../history/ranges.ts'
import type { PageRequest, RunPage } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { RunLists } from './list.ts'
import { foundRun, type ListedRunRow } from './listed-row.ts'

export function createPages(lists: RunLists, inBackground: RunLists) {
  return async function page(selection: RunSelection, request: PageRequest): Promise<RunPage> {
    const { order, after, from, before, max, isBackground } = request
    const at = (position: string | undefined): RunCursor | undefined =>
      position === undefined ? undefined : readPosition(position, order.by)
    const start = { after: at(after) ?? justBefore(at(from), order.isDescending), before: at(before) }
    const turns = (isBackground ? inBackground : lists).pageInTurns(selection, { order, ...start, size: max })
    const { rows, isMore, searchedTo } = await afterTurns(turns)
    return {
      runs: rows.map((row) => ({ ...foundRun(row), position: writePosition(cursorOf(row, order.by)) })),
      isMore,
      searchedTo: searchedTo && { position: writePosition(searchedTo), startedAt: msOf(searchedTo.seq) },
    }
  }
}

async function afterTurns<Result>(turns: Generator<void, Result, undefined>): Promise<Result> {
  for (;;) {
    const { done, value } = turns.next()
    if (done) return value
    await setImmediate()
  }
}

function cursorOf(row: ListedRunRow, by: PageRequest['order']['by']): RunCursor {
  const { seq, durationSeconds, totalTokens, totalCostUsd } = row
  if (by === 'started') return { seq }
  return { seq, value: { duration: durationSeconds, tokens: totalTokens, cost: totalCostUsd }[by] }
}

/** So that the run at the cursor is on the page. */
function justBefore(cursor: RunCursor | undefined, isDescending: boolean): RunCursor | undefined {
  return cursor && { ...cursor, seq: cursor.seq + (isDescending ? 1 : -1) }
}
