import type { RunList } from '../../orchestrator/history/list.ts'
import type { Service } from '../../orchestrator/service.ts'
import type { UsualOf } from './rows.ts'

export async function usualOf(orchestrator: Pick<Service, 'usual'>, { runs }: RunList): Promise<UsualOf> {
  const running = runs.filter(({ status }) => status === 'running')
  const known = new Map(await Promise.all(running.map(async (run) => [run.id, await orchestrator.usual(run)] as const)))
  return ({ id }) => known.get(id)
}
