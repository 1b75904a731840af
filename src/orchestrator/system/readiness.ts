import type { HistoryProgress } from '../../store/ports/history.ts'
import type { Lateness } from '../health/checks/lateness.ts'

/** What a dashboard that can save may still be behind with. */
export type Readiness = { index: HistoryProgress | undefined; monitor: Lateness }

export function createReadiness(deps: {
  indexProgress: () => Promise<HistoryProgress | undefined>
  lateness: () => Lateness
}): () => Promise<Readiness> {
  return async () => ({ index: await deps.indexProgress(), monitor: deps.lateness() })
}
