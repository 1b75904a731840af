import { createMemo } from '../../shared/memo.ts'
import { dayMs, minuteMs } from '../../shared/time/durations.ts'
import type { Store } from '../../store/ports.ts'
import { causeOf, keptOf } from '../runs/failure-cause.ts'
import type { Run } from '../runs/runs.ts'
import { queryOf } from './links.ts'
import { selectionIn } from './selection.ts'

/** Failed runs of the same agent, the run itself included. `query` is what follows `/runs?` in the URL of just these. */
type SameError = { runs: number; isExact: boolean; query: string }

/** Within a day before and after the run. Resolves to undefined where it has no error. */
export type SameErrorReader = (
  run: Pick<Run, 'agentId' | 'workflow' | 'status' | 'startedAt' | 'error'>,
) => Promise<SameError | undefined>

export function createSameErrors({ history, revision }: Pick<Store, 'history' | 'revision'>): SameErrorReader {
  const memo = createMemo(revision)

  return async ({ agentId, workflow, status, startedAt, error }) => {
    if (status !== 'failed' || !error || !Number.isFinite(startedAt)) return undefined
    const { pattern } = causeOf(keptOf(error))
    const filter = {
      agents: [agentId ?? workflow],
      statuses: ['failed'],
      from: Math.floor((startedAt - dayMs) / minuteMs) * minuteMs,
      to: Math.ceil((startedAt + dayMs) / minuteMs) * minuteMs,
      search: [{ kind: 'cause' as const, value: pattern, isNot: false }],
    }
    return memo(JSON.stringify(filter), async () => {
      const { runs, isExact } = await history.count(await selectionIn(history, filter))
      return { runs, isExact, query: queryOf(filter, filter.search) }
    })
  }
}
