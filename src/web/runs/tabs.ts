import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { paths } from '../http/paths.ts'

const titles = { result: 'Result', inputs: 'Inputs', json: 'JSON', exchange: 'Exchange', nodes: 'Nodes' }
export type TabName = keyof typeof titles

export type RunTabs = {
  chosen: TabName
  tabs: { name: TabName; title: string; count: number | undefined; path: string }[]
}

/** The views of a run, first the one that answers why a person came. `states` is undefined while they are not counted. */
export function presentTabs(
  { run, exchanges }: Pick<FoundRun, 'run' | 'exchanges'>,
  states: number | undefined,
  asked: string | undefined,
): RunTabs {
  const hasNodes = states !== 0 || run.bottleneck !== null
  const recorded: TabName[] = [...(exchanges.length > 0 ? ['exchange' as const] : [])]
  const nodes: TabName[] = hasNodes ? ['nodes'] : []
  const names: TabName[] = !hasEnded(run.status)
    ? ['result', ...recorded, ...nodes]
    : run.outputs || run.status === 'completed'
      ? ['result', 'json', ...recorded, ...nodes]
      : ['inputs', ...recorded, 'json', ...nodes]
  const chosen = names.find((name) => name === asked) ?? names[0]!
  const counts: Partial<Record<TabName, number>> = { exchange: exchanges.length, ...(states && { nodes: states }) }
  return {
    chosen,
    tabs: names.map((name, index) => ({
      name,
      title: titles[name],
      count: counts[name],
      path: paths.run(run.id, index === 0 ? undefined : { tab: name }),
    })),
  }
}
