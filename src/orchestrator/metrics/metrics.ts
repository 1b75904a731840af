import { createAgentFigures } from './agent-figures.ts'
import { createDashboardFigures } from './dashboard-figures.ts'
import type { Family } from './family.ts'
import { createProcessFigures } from './process-figures.ts'
import { createRunFigures } from './run-figures.ts'

export type { Family } from './family.ts'

/** Counts since the process started, and what is known in memory now. */
export type Metrics = { read(): Promise<Family[]> }

export function createMetrics(
  deps: Parameters<typeof createAgentFigures>[0] &
    Parameters<typeof createRunFigures>[0] &
    Parameters<typeof createDashboardFigures>[0],
): Metrics {
  const { leads } = deps
  const agents = createAgentFigures(deps)
  const runs = createRunFigures(deps)
  const dashboard = createDashboardFigures(deps)
  const ofProcess = createProcessFigures()
  return {
    async read() {
      const all = [...(await dashboard()), ...ofProcess(), ...agents(), ...runs()]
      return all.map((family) => (family.isShared && !leads() ? { ...family, samples: [] } : family))
    },
  }
}
