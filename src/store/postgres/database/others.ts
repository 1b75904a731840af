import type pg from 'pg'
import type { Clock } from '../../../shared/time/clock.ts'
import { endsWithin } from '../../../shared/time/deadline.ts'
import type { HealthNews, RunNotice } from '../../ports/cluster.ts'
import { healthChannel, healthNewsOf, noticeChannel, noticeOf } from '../cluster/notices.ts'
import { sql } from '../sql/drizzle.ts'
import { listenTo } from './listening.ts'
import type { Session } from './session.ts'

const channel = 'configurable_agents_changed'
/** Changes within this time are announced together. */
const tellAfterMs = 100

/** A request waits so long for others at most. */
const waitMs = 300

type NoticeListener = (notice: RunNotice | undefined) => void
type NewsListener = (news: HealthNews | undefined) => void

export type Others = {
  /** Moves when other programs may have changed something. No other program ever gives the same. */
  revision(): string
  /** Calls `listener` with what was told of runs, and with undefined where nobody knows. */
  onNotice(listener: NoticeListener): void
  onNews(listener: NewsListener): void
  /** Others hear of a change when its transaction is committed. */
  tell(session: Session): Promise<unknown>
  /** To be called after a change that is not silent. */
  changed(): void
  /** Resolves when others have been sent what `changed` was called for. Waits for nobody who does not answer. */
  told(): Promise<void>
  /** Resolves when the revision has moved for all that others told before. Waits for nobody who does not answer. */
  heard(): Promise<void>
  close(): Promise<void>
}

/** Hears from other programs that they changed something, and tells them of changes of ours. */
export async function watchOthers(deps: {
  url: string
  first: pg.Client
  clock: Clock
  tell: (work: (session: Session) => Promise<unknown>) => Promise<unknown>
  look: (session: Session) => Promise<unknown>
}): Promise<Others> {
  const { clock } = deps
  let revision = 0
  let onNotice: NoticeListener = () => {}
  let onNews: NewsListener = () => {}

  const listening = await listenTo({
    ...deps,
    channels: [channel, noticeChannel, healthChannel],
    onHeard(from, payload, isOwn) {
      if (from === noticeChannel) onNotice(noticeOf(payload))
      else if (from === healthChannel) onNews(healthNewsOf(payload))
      else if (!isOwn) revision++
    },
    onMissed() {
      revision++
      onNotice(undefined)
      onNews(undefined)
    },
  })
  const tell = ({ run }: Session) => run(sql`SELECT pg_notify(${channel}, ${listening.name()})`)
  const telling = createTelling(clock, () => deps.tell(tell))
  const atMost = async (work: Promise<unknown>): Promise<void> => {
    await endsWithin(clock, waitMs, work).catch(() => {})
  }

  return {
    revision: () => `${listening.name()}.${revision}`,

    onNotice(listener) {
      onNotice = listener
    },

    onNews(listener) {
      onNews = listener
    },

    tell,
    changed: telling.soon,
    told: () => (telling.isUntold() ? atMost(telling.now()) : Promise.resolve()),
    heard: () => (listening.isConnected() ? atMost(listening.heardAll()) : Promise.resolve()),
    close: () => listening.close(telling.cancel() ? { channel, payload: listening.name() } : undefined),
  }
}

/** Tells of many changes at once, a moment after the first. What cannot be told is dropped. */
function createTelling({ after }: Pick<Clock, 'after'>, tell: () => Promise<unknown>) {
  let cancel: (() => void) | undefined
  let telling: Promise<unknown> | undefined

  function tellNow(): void {
    cancel?.()
    cancel = undefined
    telling = tell()
      .catch(() => {})
      .finally(() => {
        telling = undefined
      })
  }

  return {
    soon(): void {
      cancel ??= after(tellAfterMs, tellNow)
    },

    isUntold: () => cancel !== undefined || telling !== undefined,

    async now(): Promise<void> {
      await telling
      if (cancel) tellNow()
      await telling
    },

    /** Returns whether there was something to tell. */
    cancel(): boolean {
      cancel?.()
      return cancel !== undefined
    },
  }
}
