import { looseValue } from '../../shared/json.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { RecordedCheck } from '../../store/ports/health.ts'
import { createBackgroundLoop } from '../background.ts'
import type { SharedHealth } from '../cluster/cluster.ts'
import { type Belief, unknownSince } from './belief.ts'
import { maxShownChecks, type Watch } from './watch.ts'
import type { Watches } from './watches.ts'

const shareMs = 2000

/** The dashboard that checks agents tells what it believes of them; the others believe it. */
export function createHealthSharing(deps: {
  shared: SharedHealth
  watches: Pick<Watches, 'all' | 'get' | 'beliefs'>
  clock: Clock
  onError: (error: unknown) => void
}) {
  const { shared, watches, clock, onError } = deps
  let told = new Map<string, Belief>()
  let heardUntil = 0

  async function tell(): Promise<void> {
    heardUntil = 0
    const fresh = watches.all().filter(({ agent, belief }) => told.get(agent.id) !== belief)
    const telling = fresh.map(({ agent, belief }) => ({ agentId: agent.id, belief }))
    if (telling.length === 0) return
    const ago = clock.now() - clock.elapsed()
    await shared.tell(telling.map(({ agentId, belief }) => ({ agentId, belief: textOf(belief, ago) })))
    told = new Map(watches.all().map(({ agent }) => [agent.id, told.get(agent.id)!]))
    for (const { agentId, belief } of telling) told.set(agentId, belief)
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
    heardUntil = until
  }

  function take(watch: Watch, text: string | undefined, checks: RecordedCheck[]): void {
    if (watches.get(watch.agent.id) !== watch || (text === undefined && checks.length === 0)) return
    const ago = clock.now() - clock.elapsed()
    const belief = text === undefined ? watch.belief : beliefOf(text, ago, clock.now())
    watches.beliefs.hear(watch, belief, checks)
  }

  const loop = createBackgroundLoop({
    clock,
    async step() {
      await (shared.leads() ? tell() : hear())
      return { restMs: shareMs }
    },
    onError,
    pace: { busyMs: shareMs, retryMs: shareMs },
  })
  return { start: () => loop.start(), stop: () => void loop.stop() }
}

/** `elapsed` is another in every process. */
function textOf({ changedAt, ...belief }: Belief, ago: number): string {
  return JSON.stringify({ ...belief, changedAt: changedAt.map((elapsed) => elapsed + ago) })
}

function beliefOf(text: string, ago: number, now: number): Belief {
  const { changedAt = [], ...told } = (looseValue(text) ?? {}) as Partial<Belief>
  return { ...unknownSince(now), ...told, changedAt: changedAt.map((at) => at - ago) }
}
