import type { RunCursor } from '../../history/positions.ts'
import { newestFirst } from '../../history/scanning.ts'
import type { RunOrder } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import { sql } from '../sql/drizzle.ts'
import { fromRaw, type ListedRunRow, listed, type RawRow } from './listed-row.ts'
import type { RunReading } from './reading.ts'

export type RunPageRequest = {
  order: RunOrder
  after?: RunCursor | undefined
  before?: RunCursor | undefined
  size: number
}
export type RunPage = {
  rows: ListedRunRow[]
  /** Whether there are more in the direction of reading: after the last, or before the first where `before` is set. */
  isMore: boolean
  /** How far was searched, where the rest is left to another request. */
  searchedTo: RunCursor | undefined
}

export type RunLists = ReturnType<typeof createRunLists>

export function createRunLists({ ask, read, matching, limits }: RunReading) {
  function* pageInTurns(
    selection: RunSelection,
    { order, after, before, size }: RunPageRequest,
  ): Generator<void, RunPage, undefined> {
    const isForward = before === undefined
    const asked = { columns: listed, order, isForward, from: isForward ? after : before, size: size + 1 }
    const rows: ListedRunRow[] = []
    const page = (isMore: boolean, searchedTo?: RunCursor): RunPage => {
      const shown = rows.slice(0, size)
      return { rows: isForward ? shown : shown.reverse(), isMore, searchedTo }
    }
    let spent = 0
    let spentInTurn = 0
    for (const { rows: some, to, cost } of matching<RawRow>(read(selection), asked)) {
      rows.push(...some.map(fromRaw))
      if (rows.length > size) return page(true)
      spent += cost
      if (spent >= limits.budget && to) return page(true, to)
      spentInTurn += cost
      if (spentInTurn < limits.cost) continue
      yield
      spentInTurn = 0
    }
    return page(false)
  }

  return {
    page(selection: RunSelection, request: RunPageRequest): RunPage {
      const turns = pageInTurns(selection, request)
      for (;;) {
        const { done, value } = turns.next()
        if (done) return value
      }
    },

    pageInTurns,

    countAfter(selection: RunSelection, { seq }: RunCursor, max: number): { runs: number; isExact: boolean } {
      const found = read(selection)
      const later = { ...found, range: { ...found.range, low: Math.max(found.range.low, seq) } }
      const asked = { columns: sql`1`, order: newestFirst, isForward: true, from: undefined, size: max + 1 }
      let runs = 0
      let spent = 0
      for (const { rows, to, cost } of matching(later, asked)) {
        runs += rows.length
        if (runs > max) return { runs: max, isExact: false }
        spent += cost
        if (spent >= limits.budget && to) return { runs, isExact: false }
      }
      return { runs, isExact: true }
    },

    /** In chunks of at most `size`, each a few milliseconds; chunks may be empty, and runs change in between. */
    *walk(
      selection: RunSelection,
      { order = newestFirst, size }: { order?: RunOrder; size: number },
    ): Generator<ListedRunRow[]> {
      const asked = { columns: listed, order, isForward: true, from: undefined, size }
      const rows: ListedRunRow[] = []
      let spent = 0
      for (const { rows: some, cost } of matching<RawRow>(read(selection), asked)) {
        rows.push(...some.map(fromRaw))
        spent += cost
        if (rows.length < size && spent < limits.budget) continue
        yield rows.splice(0, size)
        spent = 0
      }
      if (rows.length > 0) yield rows
    },

    found(ids: string[]): ListedRunRow[] {
      const rows = ids.flatMap((id) =>
        ask.all<RawRow>(sql`SELECT r.seq, ${listed} FROM run_index r WHERE r.run_id = ${id}`),
      )
      return rows.map((row) => fromRaw({ ...row, isUnsure: 0 })).sort((a, b) => b.seq - a.seq)
    },
  }
}
