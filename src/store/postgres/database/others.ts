import type pg from 'pg'
import type { Clock } from '../../../shared/time/clock.ts'
import { endsWithin } from '../../../shared/time/deadline.ts'
import { type ChangedRuns, createChangedRuns } from '../../history/changed-runs.ts'
import type { HealthNews, RunNotice } from '../../ports/cluster.ts'
import { healthChannel, healthNewsOf, noticeChannel, noticeOf } from '../cluster/notices.ts'
import { sql } from '../sql/drizzle.ts'
import { listenTo } from './listening.ts'
import type { Session } from './session.ts'
import { type Changed, createTelling, payloadOf, toldBy } from './telling.ts'

const channel = 'configurable_agents_changed'

/** A request waits so long for others at most. */
const waitMs = 300

type NoticeListener = (notice: RunNotice | undefined) => void
type NewsListener = (news: HealthNews | undefined) => void

export type Others = {
  /** Moves when other programs may have changed something. No other program ever gives the same. */
  revision(): string
  /** Whoever changed them. */
  changedRuns: ChangedRuns
  /** Calls `listener` with what was told of runs, and with undefined where nobody knows. */
  onNotice(listener: NoticeListener): void
  onNews(listener: NewsListener): void
  /** Others hear that anything may have changed when its transaction is committed. */
  tell(session: Session): Promise<unknown>
  /** To be called after a change that is not silent. */
  changed(runs: Changed): void
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
  const changedRuns = createChangedRuns()
  let revision = 0
  let onNotice: NoticeListener = () => {}
  let onNews: NewsListener = () => {}

  function heard(places: Changed): void {
    revision++
    if (places) places.forEach(changedRuns.changed)
    else changedRuns.missed()
  }

  const listening = await listenTo({
    ...deps,
    channels: [channel, noticeChannel, healthChannel],
    onHeard(from, payload, own) {
      if (from === noticeChannel) return onNotice(noticeOf(payload))
      if (from === healthChannel) return onNews(healthNewsOf(payload))
      const { name, places } = toldBy(payload)
      if (name !== own) heard(places)
    },
    onMissed() {
      heard(undefined)
      onNotice(undefined)
      onNews(undefined)
    },
  })
  const payload = (places: Changed) => payloadOf(listening.name(), places)
  const tell = ({ run }: Session, places?: Changed) => run(sql`SELECT pg_notify(${channel}, ${payload(places)})`)
  const telling = createTelling(clock, (places) => deps.tell((session) => tell(session, places)))
  const atMost = async (work: Promise<unknown>): Promise<void> => {
    await endsWithin(clock, waitMs, work).catch(() => {})
  }

  return {
    revision: () => `${listening.name()}.${revision}`,
    changedRuns,

    onNotice(listener) {
      onNotice = listener
    },

    onNews(listener) {
      onNews = listener
    },

    tell: (session) => tell(session),
    changed: telling.soon,
    told: () => (telling.isUntold() ? atMost(telling.now()) : Promise.resolve()),
    heard: () => (listening.isConnected() ? atMost(listening.heardAll()) : Promise.resolve()),

    close() {
      const last = telling.end()
      return listening.close(last && { channel, payload: payload(last.places) })
    },
  }
}
