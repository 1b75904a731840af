import type pg from 'pg'
import { shownDatabase } from '../../../config/database.ts'
import { StoreBusyError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { FaultListener } from '../../faults/reports.ts'
import type { ChangedRuns } from '../../history/changed-runs.ts'
import type { Store } from '../../ports.ts'
import { moveKey, refuseUnfinishedMove } from '../../unfinished-move.ts'
import { openError } from '../faults/causes.ts'
import { isBusy, original } from '../faults/errors.ts'
import { connectClient } from './client.ts'
import { createDatabaseFaults } from './faults.ts'
import { newListener } from './listening.ts'
import { migrate, newestKnown } from './migrate.ts'
import { type Others, watchOthers } from './others.ts'
import { createPool } from './pool.ts'
import { type Ask, createSession, type Session } from './session.ts'
import { getState } from './state.ts'
import { tellingOf } from './touched.ts'
import { createTransactions } from './transactions.ts'

type Work<T> = (session: Session) => Promise<T>

export type Database = Pick<
  Store,
  'path' | 'revision' | 'fault' | 'isOutdated' | 'writable' | 'explain' | 'checkpointed' | 'close' | 'abandon'
> & {
  /** Moves when other programs may have changed something. */
  othersRevision(): string
  changedRuns: ChangedRuns
  onNotice: Others['onNotice']
  onNews: Others['onNews']
  tell: Others['tell']
  told: Others['told']
  heard: Others['heard']
  /** Each statement sees what is there at its time. The work may be done again. */
  read<T>(work: Work<T>): Promise<T>
  /** The same for single statements. */
  ask: Ask
  /** All statements see the same moment. */
  readMoment<T>(work: Work<T>): Promise<T>
  /** In a transaction. Resolves when the result is on disk; rejects with StoreBusyError, StorageFaultError or
   * StoreUncertainError. The work may be done again. Silent: nobody who caches reads needs to know. Urgent: it waits
   * for no other work here. Prepared: its statements are the same each time, but for values. */
  write<T>(work: Work<T>, how?: { isSilent?: boolean; isUrgent?: boolean; isPrepared?: boolean }): Promise<T>
  announce(): Promise<void>
}

const slow = 'The database did not answer in time.'

export async function openDatabase(url: string, clock: Clock, onFault: FaultListener = () => {}): Promise<Database> {
  const path = shownDatabase(url)
  const newest = newestKnown()
  const first = await connected(url, path)
  const pool = createPool(url, () => faults.lookAgain())
  const urgentPool = createPool(url, () => faults.lookAgain(), 'urgent')
  const transactions = createTransactions(pool, clock)
  const urgent = createTransactions(urgentPool, clock)
  const faults = createDatabaseFaults({
    ...{ path, newest, clock, onFault },
    tryToWrite: (probe) => write(probe, { isSilent: true, isUrgent: true }),
  })
  const others = await watchOthers({ url, first, clock, tell: transactions.read, look: faults.lookForNewer })
  const { changedRuns, onNotice, onNews, tell, told, heard } = others
  let changes = 0
  /** What reads met here: errors of sockets look alike, whosever the socket is. */
  const metHere = new WeakSet<object>()

  async function read<T>(ask: () => Promise<T>): Promise<T> {
    faults.refuseDown('read')
    try {
      return await ask()
    } catch (error) {
      const found = original(error)
      if (found instanceof Error) metHere.add(found)
      throw found
    }
  }

  async function write<T>(work: Work<T>, { isSilent = false, isUrgent = false, isPrepared = false } = {}): Promise<T> {
    if (!isUrgent) faults.refuseDown('write')
    const { inTransaction } = isUrgent ? urgent : transactions
    try {
      const value = await tellingOf(others, work, (told) => inTransaction(told, { isPrepared }))
      faults.succeeded()
      if (!isSilent) announce()
      return value
    } catch (error) {
      const found = original(error)
      throw isBusy(found) ? new StoreBusyError(slow) : faults.failed(found)
    }
  }

  function announce(): void {
    changes++
    others.changed([])
  }

  return {
    path,
    read: (work) => read(() => transactions.read(work)),
    ask: {
      rows: (query) => read(() => transactions.read(({ rows }) => rows(query))),
      first: (query) => read(() => transactions.read(({ first }) => first(query))),
    },
    readMoment: (work) => read(() => transactions.readMoment(work)),
    write,
    announce: async () => announce(),
    revision: () => `${others.revision()}.${changes}`,
    othersRevision: others.revision,
    ...{ changedRuns, onNotice, onNews, tell, told, heard },
    fault: faults.current,
    isOutdated: faults.isOutdated,
    writable: faults.over,
    explain: (error) => explained(error, metHere, faults),
    checkpointed: () => Promise.resolve(),
    async close() {
      faults.close()
      await others.close()
      await Promise.all([pool.end(), urgentPool.end()])
    },
    abandon: () => {},
  }
}

function explained(error: unknown, metHere: WeakSet<object>, faults: ReturnType<typeof createDatabaseFaults>): unknown {
  const found = original(error)
  if (!(found instanceof Error && metHere.has(found))) return error
  return isBusy(found) ? new StoreBusyError(slow) : faults.met(found)
}

/** By a connection of its own: to bring the tables of a large history up to date takes minutes. */
async function connected(url: string, path: string): Promise<pg.Client> {
  let client: pg.Client | undefined
  try {
    client = await connectClient(url)
    await migrate(client, path)
    // Refused where nothing can be written, as on a standby.
    await client.query('SELECT FROM dashboard_state WHERE false FOR UPDATE')
    refuseUnfinishedMove((await getState(createSession(client), [moveKey]))[moveKey], path)
    return await newListener(url)
  } catch (error) {
    throw openError(error, path)
  } finally {
    await client?.end().catch(() => {})
  }
}
