import type { Clock } from '../../../shared/time/clock.ts'
import type { SharedHealth } from '../../cluster/cluster.ts'
import type { Belief } from '../belief.ts'
import type { HealthRecorder } from '../records/recorder.ts'
import type { Watch } from '../watch.ts'
import type { Watches } from '../watches.ts'
import type { createAskedChecks } from './asked-checks.ts'
import { textOf } from './belief-text.ts'
import type { Answer } from './check-waits.ts'

/** Tells other dashboards what this one believes, as far as that is new to them. */
export function createTelling(deps: {
  shared: Pick<SharedHealth, 'tell'>
  watches: Pick<Watches, 'all'>
  recorder: Pick<HealthRecorder, 'written'>
  asked: Pick<ReturnType<typeof createAskedChecks>, 'answered' | 'told'>
  clock: Clock
}) {
  const { shared, watches, recorder, asked, clock } = deps
  let told = new Map<string, Belief>()
  const isNew = ({ agent, belief }: Watch) => told.get(agent.id) !== belief || asked.answered(agent.id) !== undefined

  return {
    async tell(): Promise<Answer[]> {
      const telling = watches.all().filter(isNew)
      if (telling.length === 0) return []
      const beliefs = telling.map(({ agent, belief }) => [agent.id, belief] as const)
      const texts = telling.map(({ agent, belief, lastAnswer }) => ({
        agentId: agent.id,
        belief: textOf(belief, agent.url, clock),
        answer: lastAnswer ? JSON.stringify(lastAnswer) : null,
        answered: asked.answered(agent.id) ?? 0,
      }))
      // Whoever hears it reads the checks too.
      await recorder.written()
      await shared.tell(texts)
      told = new Map(watches.all().map(({ agent }) => [agent.id, told.get(agent.id)!]))
      for (const [agentId, belief] of beliefs) told.set(agentId, belief)
      for (const { agentId, answered } of texts) asked.told(agentId, answered)
      return texts
    },

    /** Another dashboard tells now: afterwards everything is new again. */
    forget: () => told.clear(),
  }
}
