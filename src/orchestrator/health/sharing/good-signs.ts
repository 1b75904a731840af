import type { SharedHealth } from '../../cluster/cluster.ts'

/** That agents answered something else than a check, as the dashboard that checks them is to know. */
export function createGoodSigns(shared: Pick<SharedHealth, 'noteGood'>) {
  let noted = new Map<string, string>()

  function take(): { agentId: string; url: string }[] {
    const found = [...noted].map(([agentId, url]) => ({ agentId, url }))
    noted = new Map()
    return found
  }

  return {
    take,

    note(agentId: string, url: string): void {
      noted.set(agentId, url)
    },

    async tell(): Promise<void> {
      const found = take()
      if (found.length > 0) await shared.noteGood(found)
    },
  }
}
