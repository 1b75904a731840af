import type { Store } from '../file/open.ts'
import { and, desc, eq, inArray, lt, sql } from '../sql/drizzle.ts'
import { runIndex } from '../sql/schema.ts'

const { runId, status, startedAt, duration } = runIndex
const shown = { id: runId, status, startedAt, durationSeconds: duration }

export type NeighbourRow = { id: string; status: string; startedAt: number; durationSeconds: number | null }

export type RunNeighbours = ReturnType<typeof createRunNeighbours>

/** Runs that have to do with each other, from `run_index`. */
export function createRunNeighbours({ db }: Pick<Store, 'db'>) {
  const place = db
    .select({ seq: runIndex.seq, agent: runIndex.agent })
    .from(runIndex)
    .where(eq(runId, sql.placeholder('id')))
    .prepare()
  const earlier = db
    .select(shown)
    .from(runIndex)
    .where(and(eq(runIndex.agent, sql.placeholder('agent')), lt(runIndex.seq, sql.placeholder('seq'))))
    .orderBy(desc(runIndex.seq))
    .limit(sql.placeholder('most'))
    .prepare()

  return {
    /** The runs of the same agent, or of the same workflow of Python's, that came before a run; the latest first. */
    before(id: string, most: number): NeighbourRow[] {
      const found = place.get({ id })
      return found ? earlier.all({ ...found, most }) : []
    },

    /** Runs by their ids, newest first. */
    named: (ids: string[]): NeighbourRow[] =>
      ids.length === 0
        ? []
        : db.select(shown).from(runIndex).where(inArray(runId, ids)).orderBy(desc(runIndex.seq)).all(),
  }
}
