import type { RunRecord, RunReport } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { takeTurnsOf } from '../database/turns.ts'
import { asManyAsFit } from '../history/as-many.ts'
import { deleteEntry } from './deletion.ts'
import type { createPlaces } from './places.ts'
import { type NewRow, rowOfReported } from './record.ts'
import { addRuns, changeRuns } from './writing.ts'

/** A statement is a text of its rows, and PostgreSQL keeps all of it in memory. */
const maxCharacters = 16 * 1024 * 1024

/** Of each run one report at most: the next is decided by what the one before has changed. */
function* ofDifferentRuns(reports: RunReport[]): Generator<RunReport[]> {
  let some = new Map<string, RunReport>()
  for (const one of reports) {
    if (some.has(one.id)) {
      yield [...some.values()]
      some = new Map()
    }
    some.set(one.id, one)
  }
  yield [...some.values()]
}

/** Takes a few statements, however many runs there are. */
export function createReporting(deps: {
  places: ReturnType<typeof createPlaces>
  lockRuns: (session: Session, ids: string[]) => Promise<(number | undefined)[]>
  getRuns: (session: Session, ids: string[]) => Promise<(RunRecord | undefined)[]>
  onChange: () => void
}) {
  const { places, lockRuns, getRuns, onChange } = deps

  async function record(session: Session, reports: RunReport[], known: (RunRecord | undefined)[]): Promise<void> {
    let [added, changed]: [NewRow[], NewRow[]] = [[], []]
    let characters = 0
    const write = async () => {
      await addRuns(session, added, places)
      await changeRuns(session, changed)
      ;[added, changed, characters] = [[], [], 0]
    }
    for (const [index, { id, decide }] of reports.entries()) {
      const before = known[index]
      const run = decide(before)
      if (!run) continue
      onChange()
      const isMoved = before && before.startedAt !== run.startedAt
      if (isMoved) await deleteEntry(session, id)
      const rows = before && !isMoved ? changed : added
      rows.push(rowOfReported(run))
      characters += (run.inputs?.length ?? 0) + (run.outputs?.length ?? 0)
      if (characters >= maxCharacters) await write()
    }
    await write()
  }

  return async (session: Session, reports: RunReport[]): Promise<void> => {
    await takeTurnsOf(
      session,
      reports.map(({ id }) => `run ${id}`),
    )
    for (const some of ofDifferentRuns(reports)) {
      const ids = some.map(({ id }) => id)
      const sizes = await lockRuns(session, ids)
      const waiting = some.map((report, index) => ({ report, bytes: sizes[index] }))
      while (waiting.length > 0) {
        const part = waiting.splice(0, asManyAsFit(waiting, ({ bytes = 0 }) => bytes, maxCharacters).length)
        const isAnyKnown = part.some(({ bytes }) => bytes !== undefined)
        const those = part.map(({ report }) => report)
        const known = isAnyKnown
          ? await getRuns(
              session,
              those.map(({ id }) => id),
            )
          : []
        await record(session, those, known)
      }
    }
  }
}
