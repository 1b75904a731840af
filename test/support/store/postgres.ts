import { onTestFinished } from 'vitest'
import type { Clock } from '../../../src/shared/time/clock.ts'
import type { FaultListener } from '../../../src/store/faults/reports.ts'
import { openPostgresStore } from '../../../src/store/postgres/store.ts'
import { createTestClock } from '../clock.ts'
import { testDatabase } from '../postgres/database.ts'

/** A store in a PostgreSQL database, by default an empty one; closed when the test ends. */
export async function openTestPostgres({ url, clock = createTestClock() }: { url?: string; clock?: Clock } = {}) {
  const database = url ?? (await testDatabase()).url
  /** What the store reported about the database, in that order. */
  const reports: Parameters<FaultListener>[] = []
  const store = await openPostgresStore(database, clock, (...report) => reports.push(report))
  onTestFinished(() => store.close())
  return { store, reports }
}
