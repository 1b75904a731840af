import type pg from 'pg'
import type { Clock } from '../../../shared/time/clock.ts'
import type { RunNotice } from '../../ports/cluster.ts'
import { healthChannel, noticeChannel, noticeOf } from '../cluster/notices.ts'
import { sql } from '../sql/drizzle.ts'
import { connectClient, dashboardName } from './client.ts'
import { createSession, type Session } from './session.ts'

const channel = 'configurable_agents_changed'
/** Changes within this time are announced together. */
const tellAfterMs = 100
const retryMs = 1000
/** So often it is tried whether the connection carries anything: it may be gone without a word. */
const tryEveryMs = 5000

/** A request waits so long for others at most. */
const waitMs = 300

type NoticeListener = (notice: RunNotice | undefined) => void
type NewsListener = (news: 'asked' | 'told' | undefined) => void

export type Others = {
  /** Moves when other programs may have changed something. No other program ever gives the same. */
  revision(): string
  /** Calls `listener` with what was told of runs, and with undefined where nobody knows. */
  onNotice(listener: NoticeListener): void
  onNews(listener: NewsListener): void
  /** To be called after a change that is not silent. */
  changed(): void
  /** Resolves when others have been sent what `changed` was called for. Waits for nobody who does not answer. */
  told(): Promise<void>
  /** Resolves when the revision has moved for all that others told before. Waits for nobody who does not answer. */
  heard(): Promise<void>
  close(): Promise<void>
}

export const newListener = (url: string): Promise<pg.Client> => connectClient(url, dashboardName, 10_000)

/** Hears from other programs that they changed something, and tells them of changes of ours, by a connection that does
 * nothing else. `first` is one that is there already. */
export async function watchOthers(deps: {
  url: string
  first: pg.Client
  clock: Clock
  tell: (work: (session: Session) => Promise<unknown>) => Promise<unknown>
  /** Looks now and then what there is to know besides. */
  look: (session: Session) => Promise<unknown>
}): Promise<Others> {
  const { url, first, clock, tell, look } = deps
  let client: pg.Client | undefined
  /** What others know us by. */
  let ownName = ''
  let revision = 0
  let onNotice: NoticeListener = () => {}
  let onNews: NewsListener = () => {}
  let isClosed = false
  let cancelTry = () => {}
  let cancelTell: (() => void) | undefined
  let telling: Promise<unknown> | undefined
  const hearing = createTurns(() => client?.query('SELECT 1'))

  async function listen(to: pg.Client): Promise<void> {
    to.on('notification', ({ channel: heard, payload = '' }) => {
      if (heard === noticeChannel) onNotice(noticeOf(payload))
      else if (heard === healthChannel) onNews(payload === 'asked' ? 'asked' : 'told')
      else if (payload !== ownName) revision++
    })
    await to.query(`LISTEN ${channel}`)
    await to.query(`LISTEN ${noticeChannel}`)
    await to.query(`LISTEN ${healthChannel}`)
    const { rows } = await to.query<{ name: string }>(
      `SELECT pid || '-' || (extract(epoch FROM backend_start) * 1000000)::bigint AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    )
    ownName = rows[0]!.name
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
      // Nobody knows what was missed.
      revision++
      onNotice(undefined)
      onNews(undefined)
      if (isClosed) await next.end()
    } catch {
      await next?.end().catch(() => {})
      lost()
    }
  }

  function tellNow(): void {
    cancelTell?.()
    cancelTell = undefined
    telling = tell(({ run }) => run(sql`SELECT pg_notify(${channel}, ${ownName})`))
      .catch(() => {})
      .finally(() => {
        telling = undefined
      })
  }

  async function tellAll(): Promise<void> {
    await telling
    if (cancelTell) tellNow()
    await telling
  }

  const atMost = (work: Promise<unknown>) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(waitMs, resolve)
      work
        .catch(() => {})
        .finally(() => {
          cancel()
          resolve()
        })
    })

  await listen(first)

  return {
    revision: () => `${ownName}.${revision}`,

    onNotice(listener) {
      onNotice = listener
    },

    onNews(listener) {
      onNews = listener
    },

    changed() {
      cancelTell ??= clock.after(tellAfterMs, tellNow)
    },

    told: () => (cancelTell || telling ? atMost(tellAll()) : Promise.resolve()),
    // What was told before is sent before the answer, on the same connection.
    heard: () => (client ? atMost(hearing()) : Promise.resolve()),

    async close() {
      isClosed = true
      cancelTry()
      if (cancelTell) {
        cancelTell()
        await client?.query('SELECT pg_notify($1, $2)', [channel, ownName]).catch(() => {})
      }
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
