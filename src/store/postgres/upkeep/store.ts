import { BackupError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { seqAt } from '../../history/ranges.ts'
import type { OldRuns, UpkeepStore } from '../../ports/upkeep.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import type { Folding } from '../runs/folding.ts'
import { factsOf } from './facts.ts'
import { countOld, deletedRuns, deleteSomeOld, isAnyOld, seqOfNewest } from './old-runs.ts'
import { deleteOldKeys, deleteUnusedSchemas } from './orphans.ts'

const elsewhere =
  'A backup of PostgreSQL is made by its own programs: pg_dump for one database, pg_basebackup for a whole server.'

export function createUpkeepStore(database: Database, folding: Folding, clock: Pick<Clock, 'now'>): UpkeepStore {
  const { read, readMoment, write } = database
  const silently = <T>(change: (session: Session) => Promise<T>): Promise<T> => write(change, { isSilent: true })
  let newest: number | undefined

  const below = (old: OldRuns[], seq: number) =>
    old.map(({ status, startedBefore }) => ({ status, before: Math.floor(Math.min(seq, seqAt(startedBefore))) }))
  const isAny = (old: OldRuns[]) => read((session) => isAnyOld(session, below(old, Number.MAX_SAFE_INTEGER)))

  async function* deleteOld(old: OldRuns[], keepRuns: number): AsyncGenerator<number, void> {
    if (!(await isAny(old))) return
    const seq = await read((session) => seqOfNewest(session, keepRuns))
    newest = seq
    for (;;) {
      const { deleted } = await silently((session) => deleteSomeOld(session, below(old, seq), clock.now()))
      if (deleted === 0) return
      yield deleted
    }
  }

  return {
    facts: () => readMoment(factsOf),

    async *tidy({ old, keepRuns, keysBefore, isThorough }) {
      await folding.fold()
      yield 0
      yield* deleteOld(old, keepRuns)
      while (await silently((session) => deleteOldKeys(session, keysBefore))) yield 0
      if (isThorough) while (await silently(deleteUnusedSchemas)) yield 0
    },

    async retention(old) {
      const seq = newest
      const due = (await isAny(old)) ? seq && (await read((session) => countOld(session, below(old, seq)))) : 0
      return { due, deleted: await read(deletedRuns) }
    },

    backupFault: () => ({ kind: 'elsewhere', reason: elsewhere, reasonForAdmins: elsewhere, since: clock.now() }),
    backUp: () => Promise.reject(new BackupError(elsewhere)),
    backupProgress: () => Promise.resolve({ written: 0, expected: 0 }),
    discardBackup: () => Promise.resolve(),
  }
}
