import type { Clock } from '../../../shared/time/clock.ts'
import type { RecordedCheck } from '../../../store/ports/health.ts'
import type { SharedHealth } from '../../cluster/cluster.ts'
import type { Belief } from '../belief.ts'
import { maxShownChecks, type Watch } from '../watch.ts'
import type { Watches } from '../watches.ts'
import { beliefOf } from './belief-text.ts'
import type { Answer } from './check-waits.ts'

/** Takes over what the dashboard that checks agents believes, and the checks that led to it. */
export function createHearing(deps: {
  shared: Pick<SharedHealth, 'told' | 'newChecks' | 'leads'>
  watches: Pick<Watches, 'all' | 'get' | 'beliefs'>
  clock: Clock
}) {
  const { shared, watches, clock } = deps
  let heardUntil = 0
  let heard = new WeakMap<Watch, Belief>()
  /** True of a watch that began after the last telling, and of one whose belief this dashboard changed by itself. */
  const hasMissed = (watch: Watch) => heard.get(watch) !== watch.belief

  function take(watch: Watch, text: string | undefined, found: RecordedCheck[]): void {
    if (watches.get(watch.agent.id) !== watch) return
    const { agent, belief } = watch
    const checks = found.filter(({ at }) => at > lastCheckOf(watch))
    const told = text === undefined ? belief : beliefOf(text, agent.url, clock)
    if (told !== belief || checks.length > 0) watches.beliefs.hear(watch, told ?? belief, checks)
    watch.isBehind ||= found.length === maxShownChecks
    if (told) heard.set(watch, told)
  }

  return {
    async hear(): Promise<Answer[]> {
      const all = watches.all()
      const { beliefs, until } = await shared.told(all.some(hasMissed) ? 0 : heardUntil)
      const after = all.map((watch) => ({ agentId: watch.agent.id, at: lastCheckOf(watch) }))
      const checks = Map.groupBy(await shared.newChecks(after, maxShownChecks), ({ agentId }) => agentId)
      if (shared.leads()) return []
      const believed = new Map(beliefs.map(({ agentId, belief }) => [agentId, belief]))
      for (const watch of all) take(watch, believed.get(watch.agent.id), checks.get(watch.agent.id) ?? [])
      heardUntil = until
      return beliefs
    },

    /** This dashboard tells now: afterwards it hears everything again. */
    forget(): void {
      heard = new WeakMap()
    },
  }
}

const lastCheckOf = ({ checks }: Watch): number => checks.at(-1)?.at ?? 0
