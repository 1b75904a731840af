import { StorageFaultError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { FaultListener } from '../../faults/reports.ts'
import { createFaultState } from '../../faults/state.ts'
import { causeOf, newerVersion } from '../faults/causes.ts'
import { sql } from '../sql/drizzle.ts'
import { missingPart } from './completeness.ts'
import { isOutdated } from './migrate.ts'
import type { Session } from './session.ts'

/** Faults that a change which needs none of what is missing does not end. */
const ofTables = ['incomplete', 'outdated']

/** Knows whether the database can be read and written. `newest` is the newest migration that this program knows. */
export function createDatabaseFaults(deps: {
  path: string
  newest: number
  clock: Clock
  onFault: FaultListener
  tryToWrite: (probe: (session: Session) => Promise<void>) => Promise<void>
}) {
  const { path, newest, clock, onFault, tryToWrite } = deps
  /** As far as the last look at all tables, and what failed since, can tell. */
  let isWhole = true
  let isNewer = false
  /** It has been tried again since a fault began, and failed. */
  let isDown = false
  let isLooking = false

  async function lookForNewer(session: Session): Promise<void> {
    if (isNewer || !(await isOutdated(session, newest))) return
    isNewer = true
    onFault('warned', newerVersion(path))
  }

  /** As much as that has to fit, and every table has to be there. */
  const probe = (bytes: number) => async (session: Session) => {
    await lookForNewer(session)
    isWhole = (await missingPart(session)) === undefined
    await session.run(sql`
      INSERT INTO dashboard_state (key, value)
      SELECT 'room', coalesce(string_agg(md5(random()::text), ''), '') FROM generate_series(1, ${Math.ceil(bytes / 32)}::int)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
    await session.run(sql`UPDATE dashboard_state SET value = '' WHERE key = 'room'`)
  }

  const state = createFaultState({
    clock,
    causeOf(error) {
      const cause = causeOf(error, path, isNewer)
      if (cause && ofTables.includes(cause.kind)) isWhole = false
      return cause
    },
    isLasting: () => false,
    look: () => undefined,
    isOver: (kind) => !ofTables.includes(kind) || isWhole,
    async tryToWrite(bytes) {
      try {
        await tryToWrite(probe(bytes))
      } catch (error) {
        isDown = true
        throw error
      }
      state.succeeded(bytes)
    },
    onChange: onFault,
  })

  return {
    ...state,
    lookForNewer,
    isOutdated: () => isNewer,

    /** Where nobody answers, each question would take as long as we wait for an answer. */
    refuseDown(wanted: 'read' | 'write'): void {
      const fault = isDown ? state.current() : undefined
      if (fault?.kind === 'unreachable') throw new StorageFaultError(fault, wanted)
    },

    succeeded(): void {
      isDown = false
      state.succeeded(0)
    },

    /** After an idle connection ended: whether it was that one alone shows when another is made. */
    async lookAgain(): Promise<void> {
      if (isLooking) return
      isLooking = true
      await tryToWrite(probe(0)).catch(() => {})
      isLooking = false
    },
  }
}
