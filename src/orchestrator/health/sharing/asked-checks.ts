import type { Watch } from '../watch.ts'
import type { Watches } from '../watches.ts'

/** The number of a request for a check, which counts up for each agent. */
export type Asked = { agentId: string; asked: number }

/** Makes the checks that other dashboards asked for. */
export function createAskedChecks(deps: {
  watches: Pick<Watches, 'get'>
  checkNow: (watch: Watch) => Promise<void>
  onMade: () => void
  onError: (error: unknown) => void
}) {
  const { watches, checkNow, onMade, onError } = deps
  const making = new Map<string, number>()
  const made = new Map<string, number>()

  return {
    make({ agentId, asked }: Asked): void {
      const watch = watches.get(agentId)
      if (!watch || (making.get(agentId) ?? made.get(agentId) ?? 0) >= asked) return
      making.set(agentId, asked)
      checkNow(watch)
        .catch(onError)
        .finally(() => {
          making.delete(agentId)
          made.set(agentId, asked)
          onMade()
        })
    },

    /** The last request whose check was made and not told of yet. */
    answered: (agentId: string): number | undefined => made.get(agentId),

    told(agentId: string, answered: number): void {
      if (made.get(agentId) === answered) made.delete(agentId)
    },
  }
}
