import type { NodeState } from '../../ports/node-states.ts'
import type { RunStore } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { createExecutionStateTable } from './execution-states.ts'

/** How much is read for a page. To get at the beginning of a state SQLite reads all of it. */
const maxCharactersOfPage = 2 * 1024 * 1024
const maxBytesOfPage = 16 * 1024 * 1024

export function createNodeStates(store: Pick<Store, 'db'>): Pick<RunStore, 'nodeStates' | 'nodeStateText'> {
  const table = createExecutionStateTable(store)

  function withBeginnings(runId: string, states: Omit<NodeState, 'beginning'>[], maxCharacters: number): NodeState[] {
    const left = { characters: maxCharactersOfPage, bytes: maxBytesOfPage }
    return states.map((state) => {
      left.bytes -= state.bytes
      if (left.bytes < 0 || left.characters < 0) return { ...state, beginning: undefined }
      const beginning = table.text(runId, state.id, maxCharacters) ?? ''
      left.characters -= beginning.length
      return { ...state, beginning }
    })
  }

  return {
    async nodeStates(runId, { from, max, maxCharacters, isPatient }) {
      const ids = isPatient ? await table.ids(runId) : table.idsAtOnce(runId)
      if (!ids) return undefined
      const states = ids.slice(from, from + max).flatMap((id) => table.get(runId, id) ?? [])
      const previous = from > 0 ? table.get(runId, ids[from - 1] ?? 0) : undefined
      return { total: ids.length, previous, states: withBeginnings(runId, states, maxCharacters) }
    },

    nodeStateText: async (runId, id) => table.text(runId, id),
  }
}
