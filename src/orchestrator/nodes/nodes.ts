import { NotFoundError } from '../../shared/errors.ts'
import type { ExecutionStateRow, ExecutionStateTable } from '../../store/sqlite/runs/execution-states.ts'
import type { Run } from '../runs/runs.ts'
import { type Bottleneck, readBottleneck } from './bottleneck.ts'
import { type NodeFacts, readNodeFacts } from './facts.ts'

/** What a node of a workflow did, as far as the Python program saved it. Times are milliseconds since 1970. */
export type RunNode = NodeFacts & {
  stateId: number
  node: string
  /** Whether nobody recorded the duration: then it is the time since the state before was saved. */
  isDerived: boolean
  bytes: number
}

export type RunNodes = {
  /** In the order in which they began. */
  nodes: RunNode[]
  /** How many states there are, and how many of them come before these. */
  total: number
  from: number
  /** Whether the states are still to be looked for: `find` does. */
  isUnknown: boolean
  bottleneck: Bottleneck | undefined
}

/** What a page shows of a run's states, how much is read of one, and of all on a page. */
const pageSize = 200
const longestLook = 64 * 1024
const mostCharacters = 2 * 1024 * 1024
/** To get at the beginning of a state SQLite reads all of it. */
const mostBytes = 16 * 1024 * 1024

/** What the nodes of a run did, from the states that the Python program saves when one has ended. */
export function createRunNodes(states: ExecutionStateTable) {
  function read(run: Run, ids: number[] | undefined, from: number): RunNodes {
    const bottleneck = run.bottleneck === null ? undefined : readBottleneck(run.bottleneck)
    if (!ids) return { nodes: [], total: 0, from, isUnknown: true, bottleneck }
    const rows = ids.slice(from, from + pageSize).flatMap((id) => states.get(run.id, id) ?? [])
    const before = from > 0 ? states.get(run.id, ids[from - 1] ?? 0)?.createdAt : run.startedAt
    const budget = { characters: mostCharacters, bytes: mostBytes }
    const nodes = timed(rows, before ?? Number.NaN, (row) => factsOf(run.id, row, budget))
    return { nodes, total: ids.length, from, isUnknown: false, bottleneck }
  }

  function factsOf(
    runId: string,
    { id, nodeId, bytes }: ExecutionStateRow,
    budget: { characters: number; bytes: number },
  ) {
    budget.bytes -= bytes
    if (budget.bytes < 0 || budget.characters < 0) return {}
    const text = states.text(runId, id, longestLook) ?? ''
    budget.characters -= text.length
    return readNodeFacts(text, nodeId, text.length < longestLook)
  }

  /** A run that was sent to an agent has no states: the Python program has never heard of it. */
  const hasNone = (run: Run) => run.agentUrl !== null

  return {
    /** What can be told at once. `from` passes over as many states. */
    known: (run: Run, from = 0): RunNodes => read(run, hasNone(run) ? [] : states.idsAtOnce(run.id), from),

    /** The same, found in any case: that takes a while in a large file of Python's. */
    find: async (run: Run, from = 0): Promise<RunNodes> =>
      read(run, hasNone(run) ? [] : await states.ids(run.id), from),

    /** The text of a state. Throws NotFoundError. */
    state(runId: string, id: number): string {
      const text = states.text(runId, id)
      if (text === undefined) throw new NotFoundError('page', `/runs/${runId}/states/${id}`)
      return text
    },
  }
}

/**
 * The states as bars on a line of time. A state is saved when its node has ended; where nobody recorded how long that
 * took, the time since the state before is taken, `before` for the first.
 */
function timed(rows: ExecutionStateRow[], before: number, factsOf: (row: ExecutionStateRow) => NodeFacts): RunNode[] {
  let earlier = before
  const nodes = rows.map((row): RunNode => {
    const facts = factsOf(row)
    const endedAt = facts.endedAt ?? (Number.isNaN(row.createdAt) ? undefined : row.createdAt)
    const isDerived = facts.durationSeconds === undefined && endedAt !== undefined && endedAt >= earlier
    const durationSeconds = isDerived ? (endedAt - earlier) / 1000 : facts.durationSeconds
    const startedAt =
      facts.startedAt ??
      (endedAt === undefined || durationSeconds === undefined ? undefined : endedAt - durationSeconds * 1000)
    if (!Number.isNaN(row.createdAt)) earlier = row.createdAt
    const { id: stateId, nodeId: node, bytes } = row
    return { ...facts, stateId, node, bytes, startedAt, endedAt, durationSeconds, isDerived }
  })
  const place = ({ startedAt, endedAt }: RunNode) => startedAt ?? endedAt ?? Number.POSITIVE_INFINITY
  return nodes.sort((a, b) => (place(a) === place(b) ? a.stateId - b.stateId : place(a) - place(b)))
}
