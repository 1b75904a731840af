import type { Others } from './others.ts'
import type { Session } from './session.ts'

type Work<T> = (session: Session) => Promise<T>

/** Tells of the runs that a transaction changed, once it is kept; other dashboards too, whose counts may have them. */
export async function tellingOf<T>(
  { changedRuns, changed }: Pick<Others, 'changedRuns' | 'changed'>,
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
    if (touched.length > 0) changed(touched)
    return value
  } catch (error) {
    // It may have been kept all the same.
    if (touched.length > 0) {
      changedRuns.missed()
      changed(undefined)
    }
    throw error
  }
}
