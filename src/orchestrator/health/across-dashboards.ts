import type { LastAnswer } from './last-answer.ts'
import type { HealthSharing } from './sharing/sharing.ts'
import type { Watch } from './watch.ts'
import type { Watches } from './watches.ts'

/** What needs the dashboard that checks agents, which may be another one: then `sharing` asks it. */
export function createAcrossDashboards(deps: {
  watches: Pick<Watches, 'get'>
  sharing: HealthSharing | undefined
  leads: () => boolean
  checkNow: (watch: Watch) => Promise<void>
}) {
  const { watches, sharing, leads, checkNow } = deps

  return {
    async check(agentIds: string[]): Promise<void> {
      if (sharing && !leads()) return sharing.askForChecks(agentIds)
      await Promise.all(agentIds.flatMap((id) => watches.get(id) ?? []).map(checkNow))
      await sharing?.share()
    },

    async answerOf(agentId: string): Promise<LastAnswer | undefined> {
      const watch = watches.get(agentId)
      if (!sharing || !watch || (leads() && watch.lastAnswer)) return watch?.lastAnswer
      const told = await sharing.answerOf(agentId)
      // The agent may have been at another address then.
      return told && new URL(told.url).origin === new URL(watch.agent.url).origin ? told : undefined
    },
  }
}
