import type { FoundRun, RunOrder } from '../../ports/history.ts'
import type { RunSelection, RunTexts } from '../../ports/run-selection.ts'
import { fromDatetime } from '../sql/datetime.ts'
import { sql } from '../sql/drizzle.ts'
import type { RunReading } from './reading.ts'
import { newestFirst, type RunPlace, type Scanned } from './scan.ts'

/** A row of run_index. */
export type ListedRunRow = FoundRun & { seq: number }

export type RunPageRequest = {
  order: RunOrder
  /** The page after this place in the order, or the one before it. Not both. */
  after?: RunPlace | undefined
  before?: RunPlace | undefined
  size: number
}
export type RunPage = {
  /** In the order. */
  rows: ListedRunRow[]
  /** Whether there are more in the direction of reading: after the last, or before the first where `before` is set. */
  isMore: boolean
  /** How far was looked, where the rest is left to another request. Between there and the rows no run is meant. */
  searchedTo: RunPlace | undefined
}

type Raw = Omit<ListedRunRow, 'startedAt' | 'completedAt'> & { startedAt: unknown; completedAt: unknown }

const listed = sql`r.run_id AS id, r.agent, r.agent_id AS agentId, r.workflow, r.status, r.started_at AS startedAt,
  r.completed_at AS completedAt, r.duration AS durationSeconds, r.tokens AS totalTokens, r.cost AS totalCostUsd,
  r.rerun_of AS rerunOf, r.error`

export type RunLists = ReturnType<typeof createRunLists>

/** Lists of runs, from run_index. */
export function createRunLists({ read, matching, limits, payloadsOf }: RunReading) {
  function* pageInTurns(
    selection: RunSelection,
    { order, after, before, size }: RunPageRequest,
  ): Generator<void, RunPage, undefined> {
    const isForward = before === undefined
    const asked = { columns: listed, order, isForward, from: isForward ? after : before, size: size + 1 }
    const rows: ListedRunRow[] = []
    const page = (isMore: boolean, searchedTo?: RunPlace): RunPage => {
      const shown = rows.slice(0, size)
      return { rows: isForward ? shown : shown.reverse(), isMore, searchedTo }
    }
    let spent = 0
    let spentInTurn = 0
    for (const { rows: some, to, cost } of matching<Raw>(read(selection), asked)) {
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

    /** The same, a few milliseconds at a time: between two turns others may have theirs. */
    pageInTurns,

    /** How many runs there are at later places, whatever the order of the list, as far as `most`. */
    countAfter(selection: RunSelection, { seq }: RunPlace, most: number): { runs: number; isExact: boolean } {
      const found = read(selection)
      const later = { ...found, span: { ...found.span, low: Math.max(found.span.low, seq) } }
      const asked = { columns: sql`1`, order: newestFirst, isForward: true, from: undefined, size: most + 1 }
      let runs = 0
      let spent = 0
      for (const { rows, to, cost } of matching(later, asked)) {
        runs += rows.length
        if (runs > most) return { runs: most, isExact: false }
        spent += cost
        if (spent >= limits.budget && to) return { runs, isExact: false }
      }
      return { runs, isExact: true }
    },

    /**
     * All runs of a selection in chunks of at most `size`, each read in a few milliseconds, so a chunk may also be
     * short or empty. Whoever takes them may wait in between: runs that are added or removed meanwhile do no harm.
     */
    *walk(
      selection: RunSelection,
      { order = newestFirst, size }: { order?: RunOrder; size: number },
    ): Generator<ListedRunRow[]> {
      const asked = { columns: listed, order, isForward: true, from: undefined, size }
      const rows: ListedRunRow[] = []
      let spent = 0
      for (const { rows: some, cost } of matching<Raw>(read(selection), asked)) {
        rows.push(...some.map(fromRaw))
        spent += cost
        if (rows.length < size && spent < limits.budget) continue
        yield rows.splice(0, size)
        spent = 0
      }
      if (rows.length > 0) yield rows
    },

    /** What a run was given and gave; undefined when it is gone. */
    payloads: (id: string): RunTexts | undefined => payloadsOf(id),
  }
}

function fromRaw(row: Raw & Scanned): ListedRunRow {
  const { seq, id, agent, agentId, workflow, status, durationSeconds, totalTokens, totalCostUsd, rerunOf, error } = row
  return {
    seq,
    id,
    agent,
    agentId,
    workflow,
    status,
    startedAt: fromDatetime(row.startedAt),
    completedAt: row.completedAt === null ? null : fromDatetime(row.completedAt),
    durationSeconds,
    totalTokens,
    totalCostUsd,
    rerunOf,
    error,
  }
}
