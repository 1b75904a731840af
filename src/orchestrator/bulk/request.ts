import type { BulkAction, BulkRuns } from '../../store/ports/bulk.ts'
import { refuseUnread } from '../history/export.ts'
import type { HistoryState } from '../history/indexing.ts'
import type { QueryContext } from '../history/query.ts'
import { type BulkTargets, datedAhead, frozen } from './targets.ts'

/** `isSettled`: the fields are from a preview, and select just what it showed, also where no run is left of a name. */
export type BulkRequest = { action: BulkAction } & (
  | { runIds: string[] }
  | { fields: Record<string, unknown>; isSettled?: boolean }
  | { isAll: true }
)

export function createBulkSelection(deps: {
  targets: BulkTargets
  context: () => QueryContext
  historyState: () => Promise<HistoryState>
}) {
  const { targets, context, historyState } = deps
  const filterOf = (request: Exclude<BulkRequest, { runIds: string[] }>) =>
    'fields' in request ? request.fields : 'all'

  return {
    async freeze(request: BulkRequest): Promise<BulkRuns> {
      if ('runIds' in request) return { runIds: [...new Set(request.runIds)] }
      const filter = frozen(filterOf(request), context())
      refuseUnread(await historyState(), 'The selected runs are not known yet.')
      const isSettled = 'fields' in request && request.isSettled
      if (!isSettled) await targets.refuseUnknownNames(filter)
      return { filter: isSettled ? filter : await targets.settled(filter) }
    },

    async countDatedAhead(request: BulkRequest): Promise<number> {
      const ahead = 'runIds' in request ? undefined : datedAhead(filterOf(request), context())
      return ahead === undefined ? 0 : ((await targets.count({ filter: await targets.settled(ahead) })) ?? 0)
    },
  }
}
