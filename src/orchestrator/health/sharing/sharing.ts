import type { Clock } from '../../../shared/time/clock.ts'
import { createBackgroundLoop } from '../../background.ts'
import type { SharedHealth } from '../../cluster/cluster.ts'
import type { LastAnswer } from '../last-answer.ts'
import type { HealthRecorder } from '../records/recorder.ts'
import type { Watch } from '../watch.ts'
import type { Watches } from '../watches.ts'
import { createAskedChecks } from './asked-checks.ts'
import { createCheckWaits } from './check-waits.ts'
import { createGoodSigns } from './good-signs.ts'
import { createHearing } from './hearing.ts'
import { createTelling } from './telling.ts'

const shareMs = 2000

export type HealthSharing = {
  start(): void
  stop(): void
  share(): Promise<void>
  /** Resolves when this dashboard has read everything the others have told so far. */
  caughtUp(): Promise<void>
  /** Has agents checked by the dashboard that checks them. Resolves when it has told of it. */
  askForChecks(agentIds: string[]): Promise<void>
  /** An agent gave a good answer to something else than a check. */
  noteGood(agentId: string, url: string): void
  answerOf(agentId: string): Promise<LastAnswer | undefined>
}

/** The dashboard that checks agents tells what it believes of them; the others believe it, and ask it for checks. */
export function createHealthSharing(deps: {
  shared: SharedHealth
  watches: Pick<Watches, 'all' | 'get' | 'beliefs'>
  checkNow: (watch: Watch) => Promise<void>
  alive: (agentId: string, url: string) => void
  recorder: Pick<HealthRecorder, 'written'>
  clock: Clock
  onError: (error: unknown) => void
}): HealthSharing {
  const { shared, watches, clock, onError } = deps
  const asked = createAskedChecks({ ...deps, onMade: () => loop.wake() })
  const telling = createTelling({ ...deps, asked })
  const hearing = createHearing(deps)
  const waits = createCheckWaits(clock)
  const goodSigns = createGoodSigns(shared)
  const nextStep = createNextStep()
  const noteLeadership = createLeadershipNote(watches)
  let catching: Promise<void> | undefined

  async function tell() {
    hearing.forget()
    for (const { agentId, url } of goodSigns.take()) deps.alive(agentId, url)
    for (const request of await shared.asked()) asked.make(request)
    return await telling.tell()
  }

  async function hear() {
    telling.forget()
    await goodSigns.tell()
    return await hearing.hear()
  }

  const loop = createBackgroundLoop({
    clock,
    async step() {
      const release = nextStep.begun()
      try {
        noteLeadership(shared.leads())
        waits.end(await (shared.leads() ? tell() : hear()))
      } finally {
        release()
      }
      return { restMs: shareMs }
    },
    onError,
    pace: { busyMs: shareMs, retryMs: shareMs },
  })

  function share(): Promise<void> {
    if (loop.isStopped()) return Promise.resolve()
    const done = nextStep.done()
    loop.wake()
    return done
  }

  shared.onNews((news) => {
    if (typeof news === 'object') {
      if (shared.leads()) deps.alive(news.agentId, news.url)
    } else if (shared.leads() ? news !== 'told' : news !== 'asked') catching = share()
  })

  return {
    start: () => loop.start(),
    stop() {
      void loop.stop()
      nextStep.begun()()
      waits.endAll()
    },
    share,
    caughtUp: () => catching ?? Promise.resolve(),

    async askForChecks(agentIds) {
      await Promise.all((await shared.ask(agentIds)).map(waits.waitFor))
    },

    noteGood: goodSigns.note,

    answerOf: async (agentId) => answerIn(await shared.answer(agentId)),
  }
}

const answerIn = (text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as LastAnswer))

/** What one found and could not record is known to nobody else, and what another told last, perhaps not here. */
function createLeadershipNote(watches: Pick<Watches, 'all'>): (leads: boolean) => void {
  let hasLed: boolean | undefined

  return (leads) => {
    if (hasLed === !leads) for (const watch of watches.all()) watch.isBehind = true
    hasLed = leads
  }
}

/** Those who wait for the end of a step that has not begun. */
function createNextStep() {
  let waiting: (() => void)[] = []

  return {
    done: () => new Promise<void>((resolve) => waiting.push(resolve)),

    /** Returns what to call when the step has ended. */
    begun(): () => void {
      const those = waiting
      waiting = []
      return () => {
        for (const resolve of those) resolve()
      }
    },
  }
}
