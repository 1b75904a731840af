import type { ChangedRuns } from '../../history/changed-runs.ts'
import type { Session } from './session.ts'

type Work<T> = (session: Session) => Promise<T>

/** Tells of the runs that a transaction changed, once it is kept; other dashboards too, whose counts may have them. */
export async function tellingOf<T>(
  { changedRuns, others }: { changedRuns: ChangedRuns; others: { changed(): void } },
  work: Work<T>,
  inTransaction: (work: Work<T>) => Promise<T>,
): Promise<T> {
  let touched: number[] = []
  try {
    const value = await inTransaction((session) => {
      touched = session.touched
      return work(session)
    })
    touched.forEach(changedRuns.changed)
    if (touched.length > 0) others.changed()
    return value
  } catch (error) {
    // It may have been kept all the same.
    if (touched.length > 0) changedRuns.missed()
    throw error
  }
}
