import type { SQL } from 'drizzle-orm'
import { type Sums, total } from '../../history/adding.ts'
import { sql } from '../sql/drizzle.ts'
import type { RunNames } from './selection/names.ts'
import type { RunConditions } from './selection/selection.ts'

export type Numbers = (number | null)[]

const maxStatuses = 100
/** Counts what is none of these, or bytes that no text is equal to. */
const otherStatus = 'other'

/** A column for each status: to group by it, SQLite would sort all rows. */
export function createSumColumns(names: RunNames) {
  const statusesOf = new WeakMap<RunConditions, string[]>()

  function statuses(found: RunConditions): string[] {
    const known = statusesOf.get(found)
    if (known) return known
    const selected = names.statuses(maxStatuses).filter((status) => !found.statuses || found.statuses.includes(status))
    statusesOf.set(found, selected)
    return selected
  }

  return {
    columns(found: RunConditions, runs: string): SQL {
      const counts = statuses(found).map((status) => sql`sum(${sql.raw(runs)}) FILTER (WHERE status = ${status})`)
      return sql.join([...counts, sql`sum(${sql.raw(runs)})`, sql`sum(tokens)`, sql`sum(cost)`], sql`, `)
    },

    read(found: RunConditions, numbers: Numbers): Sums {
      const byStatus = new Map(statuses(found).map((status, index) => [status, numbers[index] ?? 0]))
      const rest = (numbers.at(-3) ?? 0) - total({ byStatus })
      byStatus.set(otherStatus, (byStatus.get(otherStatus) ?? 0) + rest)
      return {
        byStatus: new Map([...byStatus].filter(([, runs]) => runs > 0)),
        tokens: numbers.at(-2) ?? 0,
        cost: numbers.at(-1) ?? 0,
      }
    },
  }
}
