import type { CompletedRun } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'

const maxLookedAt = 500

type Row = { workflow: string; durationSeconds: number | null; costUsd: number | null }

export function createLatestCompleted({ db }: Pick<Store, 'db'>) {
  const ofAgent = db.$client.prepare<[string], Row>(
    `SELECT workflow, duration AS durationSeconds, cost AS costUsd
     FROM run_index INDEXED BY ix_run_index_agent_status
     WHERE agent = ? AND status = 'completed' ORDER BY seq DESC LIMIT ${maxLookedAt}`,
  )

  return (agent: string, workflow: string, max: number): CompletedRun[] => {
    const found: CompletedRun[] = []
    for (const { durationSeconds, costUsd, workflow: its } of ofAgent.iterate(agent)) {
      if (its === workflow && durationSeconds !== null) found.push({ durationSeconds, costUsd })
      if (found.length === max) break
    }
    return found
  }
}
