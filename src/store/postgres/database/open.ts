import type pg from 'pg'
import { shownDatabase } from '../../../config/database.ts'
import { StorageFaultError, StoreBusyError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { FaultListener } from '../../faults/reports.ts'
import { createFaultState } from '../../faults/state.ts'
import type { Store } from '../../ports.ts'
import { moveKey, refuseUnfinishedMove } from '../../unfinished-move.ts'
import { causeOf, newerVersion, openError } from '../faults/causes.ts'
import { isBusy, original } from '../faults/errors.ts'
import { sql } from '../sql/drizzle.ts'
import { connectClient } from './client.ts'
import { missingPart } from './completeness.ts'
import { isOutdated, migrate, newestKnown } from './migrate.ts'
import { newListener, type Others, watchOthers } from './others.ts'
import { createPool } from './pool.ts'
import { type Ask, createSession, type Session } from './session.ts'
import { getState } from './state.ts'
import { createTransactions } from './transactions.ts'

type Work<T> = (session: Session) => Promise<T>

export type Database = Pick<
  Store,
  'path' | 'revision' | 'fault' | 'writable' | 'explain' | 'checkpointed' | 'close' | 'abandon'
> & {
  /** Moves when other programs may have changed something. */
  othersRevision(): string
  onNotice: Others['onNotice']
  onNews: Others['onNews']
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

/** Faults that a change which needs none of what is missing does not end. */
const ofTables = ['incomplete', 'outdated']
const slow = 'The database did not answer in time.'

export async function openDatabase(url: string, clock: Clock, onFault: FaultListener = () => {}): Promise<Database> {
  const path = shownDatabase(url)
  const newest = newestKnown()
  const first = await connected(url, path)
  const pool = createPool(url, lostOne)
  const urgentPool = createPool(url, lostOne, 'urgent')
  const transactions = createTransactions(pool, clock)
  const urgent = createTransactions(urgentPool, clock)
  const others = await watchOthers({ url, first, clock, tell: transactions.read, look: lookForNewer })
  let changes = 0
  /** As far as the last look at all tables, and what failed since, can tell. */
  let isWhole = true
  let isNewer = false
  /** It has been tried again since a fault began, and failed. */
  let isDown = false
  const urgently = { isSilent: true, isUrgent: true }
  /** What reads met here: errors of sockets look alike, whosever the socket is. */
  const metHere = new WeakSet<object>()

  /** Where nobody answers, each question would take as long as we wait for an answer. */
  function refuseDown(wanted: 'read' | 'write'): void {
    const fault = isDown ? faults.current() : undefined
    if (fault?.kind === 'unreachable') throw new StorageFaultError(fault, wanted)
  }

  async function lookForNewer(session: Session): Promise<void> {
    if (isNewer || !(await isOutdated(session, newest))) return
    isNewer = true
    onFault('warned', newerVersion(path))
  }

  /** As much as that has to fit, and every table has to be there. */
  async function probe(session: Session, bytes: number): Promise<void> {
    await lookForNewer(session)
    isWhole = (await missingPart(session)) === undefined
    await session.run(sql`
      INSERT INTO dashboard_state (key, value)
      SELECT 'room', coalesce(string_agg(md5(random()::text), ''), '') FROM generate_series(1, ${Math.ceil(bytes / 32)}::int)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
    await session.run(sql`UPDATE dashboard_state SET value = '' WHERE key = 'room'`)
  }

  const faults = createFaultState({
    clock,
    causeOf(error) {
      const cause = causeOf(error, path, isNewer)
      if (cause && ofTables.includes(cause.kind)) isWhole = false
      return cause
    },
    isLasting: () => false,
    look: () => undefined,
    isOver: (kind) => !ofTables.includes(kind) || isWhole,
    tryToWrite: async (bytes) => {
      try {
        await write((session) => probe(session, bytes), urgently)
      } catch (error) {
        isDown = true
        throw error
      }
      faults.succeeded(bytes)
    },
    onChange: onFault,
  })

  let isTrying = false
  /** Whether only that connection ended shows when another is made. */
  async function lostOne(): Promise<void> {
    if (isTrying) return
    isTrying = true
    await write((session) => probe(session, 0), urgently).catch(() => {})
    isTrying = false
  }

  async function read<T>(ask: () => Promise<T>): Promise<T> {
    refuseDown('read')
    try {
      return await ask()
    } catch (error) {
      const found = original(error)
      if (found instanceof Error) metHere.add(found)
      throw found
    }
  }

  function explain(error: unknown): unknown {
    const found = original(error)
    if (!(found instanceof Error && metHere.has(found))) return error
    return isBusy(found) ? new StoreBusyError(slow) : faults.met(found)
  }

  async function write<T>(work: Work<T>, { isSilent = false, isUrgent = false, isPrepared = false } = {}): Promise<T> {
    if (!isUrgent) refuseDown('write')
    try {
      const value = await (isUrgent ? urgent : transactions).inTransaction(work, { isPrepared })
      isDown = false
      faults.succeeded(0)
      if (!isSilent) announce()
      return value
    } catch (error) {
      const found = original(error)
      throw isBusy(found) ? new StoreBusyError(slow) : faults.failed(found)
    }
  }

  function announce(): void {
    changes++
    others.changed()
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
    onNotice: others.onNotice,
    onNews: others.onNews,
    told: others.told,
    heard: others.heard,
    fault: faults.current,
    writable: faults.over,
    explain,
    checkpointed: () => Promise.resolve(),
    async close() {
      faults.close()
      await others.close()
      await Promise.all([pool.end(), urgentPool.end()])
    },
    abandon: () => {},
  }
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
