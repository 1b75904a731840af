import type pg from 'pg'
import type { Clock } from '../../../shared/time/clock.ts'
import { connectClient, dashboardName } from './client.ts'
import { createSession, type Session } from './session.ts'

const retryMs = 1000
/** So often it is tried whether the connection carries anything: it may be gone without a word. */
const tryEveryMs = 5000

export type Listening = {
  /** What others know us by. */
  name(): string
  isConnected(): boolean
  /** Resolves when everything that was sent before has been heard. */
  heardAll(): Promise<unknown>
  /** `last` is sent, if anything, before the connection ends. */
  close(last: { channel: string; payload: string } | undefined): Promise<void>
}

export const newListener = (url: string): Promise<pg.Client> => connectClient(url, dashboardName, 10_000)

/** Listens by a connection that does nothing else, and makes another where that ends. `first` is there already. */
export async function listenTo(deps: {
  channels: string[]
  url: string
  first: pg.Client
  clock: Clock
  /** `own`: what others know us by. */
  onHeard: (channel: string, payload: string, own: string) => void
  /** There was no connection for a while: nobody knows what was missed. */
  onMissed: () => void
  /** Looks now and then what there is to know besides. */
  look: (session: Session) => Promise<unknown>
}): Promise<Listening> {
  const { channels, url, first, clock, onHeard, onMissed, look } = deps
  let client: pg.Client | undefined
  let name = ''
  let isClosed = false
  let cancelTry = () => {}

  async function listen(to: pg.Client): Promise<void> {
    to.on('notification', ({ channel, payload = '' }) => onHeard(channel, payload, name))
    for (const channel of channels) await to.query(`LISTEN ${channel}`)
    const { rows } = await to.query<{ name: string }>(
      `SELECT pid || '-' || (extract(epoch FROM backend_start) * 1000000)::bigint AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    )
    name = rows[0]!.name
    client = to
    to.once('end', lost)
    cancelTry = clock.after(tryEveryMs, tryIt)
  }

  function tryIt(): void {
    const tried = client
    if (!tried) return
    look(createSession(tried))
      .then(() => {
        cancelTry = clock.after(tryEveryMs, tryIt)
      })
      .catch(() => tried.end().catch(() => {}))
  }

  function lost(): void {
    client = undefined
    cancelTry()
    if (!isClosed) cancelTry = clock.after(retryMs, () => void reconnect())
  }

  async function reconnect(): Promise<void> {
    let next: pg.Client | undefined
    try {
      next = await newListener(url)
      await listen(next)
      onMissed()
      if (isClosed) await next.end()
    } catch {
      await next?.end().catch(() => {})
      lost()
    }
  }

  await listen(first)

  return {
    name: () => name,
    isConnected: () => client !== undefined,
    // Earlier notices come before the answer, on the same connection. An empty query is the cheapest.
    heardAll: createTurns(() => client?.query('')),

    async close(last) {
      isClosed = true
      cancelTry()
      if (last) await client?.query('SELECT pg_notify($1, $2)', [last.channel, last.payload]).catch(() => {})
      await client?.end().catch(() => {})
    },
  }
}

/** `work` for all who wait for it to begin, and never twice at once. */
function createTurns(work: () => Promise<unknown> | undefined): () => Promise<unknown> {
  let running: Promise<unknown> | undefined
  let next: Promise<unknown> | undefined
  const run = () => {
    next = undefined
    running = Promise.resolve(work()).finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (!running) return run()
    next ??= running.catch(() => {}).then(run)
    return next
  }
}
