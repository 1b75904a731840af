import type { Clock } from '../../../shared/time/clock.ts'
import type { RecordedCheck } from '../../../store/ports/health.ts'
import type { SharedHealth } from '../../cluster/cluster.ts'
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

  function take(watch: Watch, text: string | undefined, checks: RecordedCheck[]): void {
    if (watches.get(watch.agent.id) !== watch || (text === undefined && checks.length === 0)) return
    watches.beliefs.hear(watch, text === undefined ? watch.belief : beliefOf(text, clock), checks)
  }

  return {
    async hear(): Promise<Answer[]> {
      const all = watches.all()
      const { beliefs, until } = await shared.told(heardUntil)
      const after = all.map(({ agent, checks }) => ({ agentId: agent.id, at: checks.at(-1)?.at ?? 0 }))
      const checks = Map.groupBy(await shared.newChecks(after, maxShownChecks), ({ agentId }) => agentId)
      if (shared.leads()) return []
      const believed = new Map(beliefs.map(({ agentId, belief }) => [agentId, belief]))
      for (const watch of all) take(watch, believed.get(watch.agent.id), checks.get(watch.agent.id) ?? [])
      heardUntil = until
      return beliefs
    },

    /** This dashboard tells now: afterwards it hears everything again. */
    forget(): void {
      heardUntil = 0
    },
  }
}
