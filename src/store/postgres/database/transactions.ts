import type pg from 'pg'
import { StoreUncertainError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { hasEnded, isLost, isRepeatable, original } from '../faults/errors.ts'
import { createSession, type Session } from './session.ts'

const maxAttempts = 4
/** How long it is asked whether a commit came to be whose answer was lost. */
const outcomeMs = 10_000
const askEveryMs = 250

type Work<T> = (session: Session) => Promise<T>

/** A transaction, and the second in which it began, by the database's clock. */
type Begun = { id: string; at: string }

type Outcome = { status: string | null; isDoubtful: boolean }
const unknown: Outcome = { status: null, isDoubtful: true }

/** Work may be done more than once, but only what it wrote at one of these times is kept. */
export function createTransactions(pool: pg.Pool, clock: Clock) {
  async function begun(): Promise<{ client: pg.PoolClient; begun: Begun }> {
    const client = await pool.connect()
    client.on('error', ignore)
    try {
      const [, found] = (await client.query(
        'BEGIN; SELECT floor(extract(epoch FROM clock_timestamp()))::text AS at, pg_current_xact_id()::text AS id',
      )) as unknown as [unknown, pg.QueryResult<Begun>]
      return { client, begun: found.rows[0]! }
    } catch (error) {
      release(client, error)
      throw error
    }
  }

  /** As far as the commit. */
  async function worked<T>(work: Work<T>, isPrepared: boolean) {
    const { client, begun: started } = await onAnother(begun)
    try {
      return { client, started, value: await work(createSession(client, { isPrepared })) }
    } catch (error) {
      await rollBack(client, error)
      throw error
    }
  }

  async function once<T>(work: Work<T>, isPrepared: boolean): Promise<T> {
    const attempt = () => worked(work, isPrepared)
    // The server ends the transaction of a program that stood still. Nothing of it was kept.
    const { client, started, value } = await attempt().catch((error) => {
      if (!hasEnded(original(error))) throw error
      return attempt()
    })
    try {
      await client.query('COMMIT')
    } catch (error) {
      release(client, error)
      if (isLost(original(error)) && (await isCommitted(pool, clock, started))) return value
      throw error
    }
    release(client)
    return value
  }

  async function ofOneMoment<T>(read: Work<T>): Promise<T> {
    const client = await pool.connect()
    client.on('error', ignore)
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const value = await read(createSession(client))
      await client.query('COMMIT')
      release(client)
      return value
    } catch (error) {
      await rollBack(client, error)
      throw error
    }
  }

  const anyConnection = createSession(pool)

  return {
    /** Each statement sees what is there at its time. */
    read: <T>(work: Work<T>): Promise<T> => onAnother(() => work(anyConnection)),

    async inTransaction<T>(work: Work<T>, { isPrepared = false } = {}): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work, isPrepared)
        } catch (error) {
          if (attempt === maxAttempts || !isRepeatable(original(error))) throw error
        }
      }
    },

    readMoment: <T>(work: Work<T>): Promise<T> => onAnother(() => ofOneMoment(work)),
  }
}

/** A connection that was idle may have ended unnoticed: then another one is asked. */
async function onAnother<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isLost(original(error))) throw error
    return read()
  }
}

async function isCommitted(pool: pg.Pool, clock: Clock, begun: Begun): Promise<boolean> {
  const until = clock.elapsed() + outcomeMs
  for (;;) {
    const { status, isDoubtful } = await outcomeOf(pool, begun).catch(() => unknown)
    if (status === 'committed' && isDoubtful) throw new StoreUncertainError()
    if (status === 'committed' || status === 'aborted') return status === 'committed'
    if (clock.elapsed() >= until) throw new StoreUncertainError()
    await new Promise<void>((resolve) => clock.after(askEveryMs, resolve))
  }
}

/** A server that was killed may give the number of a transaction to another one, if nothing of the first had reached
 * the disk. It makes a checkpoint before anybody is let in again. */
async function outcomeOf(pool: pg.Pool, { id, at }: Begun): Promise<Outcome> {
  const { rows } = await pool.query<Outcome>(
    `SELECT pg_xact_status($1::xid8) AS status, extract(epoch FROM checkpoint_time) >= $2::bigint AS "isDoubtful"
     FROM pg_control_checkpoint()`,
    [id, at],
  )
  return rows[0]!
}

const ignore = () => {}

async function rollBack(client: pg.PoolClient, error: unknown): Promise<void> {
  if (isLost(original(error))) return release(client, error)
  try {
    await client.query('ROLLBACK')
    release(client)
  } catch (failure) {
    release(client, failure)
  }
}

/** A client that failed is not used again. */
function release(client: pg.PoolClient, failure?: unknown): void {
  client.removeListener('error', ignore)
  client.release(failure !== undefined)
}
