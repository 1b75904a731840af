import { looseValue } from '../../shared/json.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { RecordedCheck } from '../../store/ports/health.ts'
import { createBackgroundLoop } from '../background.ts'
import type { SharedHealth } from '../cluster/cluster.ts'
import { type Belief, unknownSince } from './belief.ts'
import type { LastAnswer } from './last-answer.ts'
import type { HealthRecorder } from './records/recorder.ts'
import { maxShownChecks, type Watch } from './watch.ts'
import type { Watches } from './watches.ts'

const shareMs = 2000

/** So long it is remembered that somebody waits for a check. */
const maxWaitMs = 60_000

export type HealthSharing = {
  start(): void
  stop(): void
  share(): Promise<void>
  /** Resolves when this dashboard has read everything the others have told so far. */
  caughtUp(): Promise<void>
  /** Has agents checked by the dashboard that checks them. Resolves when it has told of it. */
  askForChecks(agentIds: string[]): Promise<void>
  answerOf(agentId: string): Promise<LastAnswer | undefined>
}

/** The dashboard that checks agents tells what it believes of them; the others believe it, and ask it for checks. */
export function createHealthSharing(deps: {
  shared: SharedHealth
  watches: Pick<Watches, 'all' | 'get' | 'beliefs'>
  checkNow: (watch: Watch) => Promise<void>
  recorder: Pick<HealthRecorder, 'written'>
  clock: Clock
  onError: (error: unknown) => void
}): HealthSharing {
  const { shared, watches, checkNow, recorder, clock, onError } = deps
  let told = new Map<string, Belief>()
  let heardUntil = 0
  /** Checks that others asked for and that are being made, and those that were. */
  const making = new Map<string, number>()
  const made = new Map<string, number>()
  const waiting = new Set<{ agentId: string; asked: number; end(): void }>()
  let [sharers, catching]: [(() => void)[], Promise<void> | undefined] = [[], undefined]

  async function tell(): Promise<void> {
    heardUntil = 0
    for (const request of await shared.asked()) make(request)
    const isNew = ({ agent, belief }: Watch) => told.get(agent.id) !== belief || made.has(agent.id)
    const telling = watches.all().filter(isNew)
    if (telling.length === 0) return
    const beliefs = telling.map(({ agent, belief }) => [agent.id, belief] as const)
    const ago = clock.now() - clock.elapsed()
    const texts = telling.map(({ agent, belief, lastAnswer }) => ({
      agentId: agent.id,
      belief: textOf(belief, ago),
      answer: lastAnswer ? JSON.stringify(lastAnswer) : null,
      answered: made.get(agent.id) ?? 0,
    }))
    // Whoever hears it reads the checks too.
    await recorder.written()
    await shared.tell(texts)
    told = new Map(watches.all().map(({ agent }) => [agent.id, told.get(agent.id)!]))
    for (const [agentId, belief] of beliefs) told.set(agentId, belief)
    for (const { agentId, answered } of texts) if (made.get(agentId) === answered) made.delete(agentId)
    endWaiting(texts)
  }

  function endWaiting(answers: { agentId: string; answered: number }[]): void {
    const answered = new Map(answers.map((one) => [one.agentId, one.answered]))
    for (const one of waiting) if ((answered.get(one.agentId) ?? 0) >= one.asked) one.end()
  }

  function make({ agentId, asked }: { agentId: string; asked: number }): void {
    const watch = watches.get(agentId)
    if (!watch || (making.get(agentId) ?? made.get(agentId) ?? 0) >= asked) return
    making.set(agentId, asked)
    checkNow(watch)
      .catch(onError)
      .finally(() => {
        making.delete(agentId)
        made.set(agentId, asked)
        loop.wake()
      })
  }

  async function hear(): Promise<void> {
    told.clear()
    const all = watches.all()
    const { beliefs, until } = await shared.told(heardUntil)
    const after = all.map(({ agent, checks }) => ({ agentId: agent.id, at: checks.at(-1)?.at ?? 0 }))
    const checks = Map.groupBy(await shared.newChecks(after, maxShownChecks), ({ agentId }) => agentId)
    if (shared.leads()) return
    const believed = new Map(beliefs.map(({ agentId, belief }) => [agentId, belief]))
    for (const watch of all) take(watch, believed.get(watch.agent.id), checks.get(watch.agent.id) ?? [])
    endWaiting(beliefs)
    heardUntil = until
  }

  function take(watch: Watch, text: string | undefined, checks: RecordedCheck[]): void {
    if (watches.get(watch.agent.id) !== watch || (text === undefined && checks.length === 0)) return
    const ago = clock.now() - clock.elapsed()
    const belief = text === undefined ? watch.belief : beliefOf(text, ago, clock.now())
    watches.beliefs.hear(watch, belief, checks)
  }

  function release(): void {
    const shared = sharers
    sharers = []
    for (const go of shared) go()
  }

  const loop = createBackgroundLoop({
    clock,
    async step() {
      const own = sharers
      sharers = []
      try {
        await (shared.leads() ? tell() : hear())
      } finally {
        for (const go of own) go()
      }
      return { restMs: shareMs }
    },
    onError,
    pace: { busyMs: shareMs, retryMs: shareMs },
  })

  const share = () =>
    loop.isStopped()
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          sharers.push(resolve)
          loop.wake()
        })

  shared.onNews((news) => {
    if (shared.leads() ? news === 'told' : news === 'asked') return
    catching = share()
  })

  function waitFor(agentId: string, asked: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(maxWaitMs, () => one.end())
      const one = {
        ...{ agentId, asked },
        end() {
          cancel()
          waiting.delete(one)
          resolve()
        },
      }
      waiting.add(one)
    })
  }

  return {
    start: () => loop.start(),
    stop() {
      void loop.stop()
      release()
      for (const { end } of waiting) end()
    },
    share,
    caughtUp: () => catching ?? Promise.resolve(),

    async askForChecks(agentIds) {
      const requests = await shared.ask(agentIds)
      await Promise.all(requests.map(({ agentId, asked }) => waitFor(agentId, asked)))
    },

    async answerOf(agentId) {
      const text = await shared.answer(agentId)
      return text === undefined ? undefined : (JSON.parse(text) as LastAnswer)
    },
  }
}

/** `elapsed` is another in every process. */
function textOf({ changedAt, ...belief }: Belief, ago: number): string {
  return JSON.stringify({ ...belief, changedAt: changedAt.map((elapsed) => elapsed + ago) })
}

function beliefOf(text: string, ago: number, now: number): Belief {
  const { changedAt = [], ...told } = (looseValue(text) ?? {}) as Partial<Belief>
  return { ...unknownSince(now), ...told, changedAt: changedAt.map((at) => at - ago) }
}
