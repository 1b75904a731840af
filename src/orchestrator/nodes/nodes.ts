import { NotFoundError } from '../../shared/errors.ts'
import type { NodeState, NodeStates } from '../../store/ports/node-states.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Run } from '../runs/runs.ts'
import { type Bottleneck, readBottleneck } from './bottleneck.ts'
import { type NodeFacts, readNodeFacts } from './facts.ts'

/** Times are milliseconds since 1970. */
export type RunNode = NodeFacts & {
  stateId: number
  node: string
  /** From when the previous state was saved. */
  isDerived: boolean
  bytes: number
}

export type RunNodes = {
  nodes: RunNode[]
  total: number
  from: number
  /** The states are still to be looked for: `find` does. */
  isUnknown: boolean
  bottleneck: Bottleneck | undefined
}

const pageSize = 200
const maxCharacters = 64 * 1024
const noStates: NodeStates = { total: 0, previous: undefined, states: [] }

export type RunNodeReader = {
  known(run: Run, from?: number): Promise<RunNodes>
  /** How many states there are; undefined where they are still to be looked for. */
  count(run: Run): Promise<number | undefined>
  /** Slow in a large file of Python's. */
  find(run: Run, from?: number): Promise<RunNodes>
  /** Throws NotFoundError. */
  state(runId: string, id: number): Promise<string>
}

export function createRunNodes(store: Pick<RunStore, 'nodeStates' | 'nodeStateText'>): RunNodeReader {
  async function read(run: Run, from: number, isPatient: boolean): Promise<RunNodes> {
    const bottleneck = run.bottleneck === null ? undefined : readBottleneck(run.bottleneck)
    const found = isSent(run)
      ? noStates
      : await store.nodeStates(run.id, { from, max: pageSize, maxCharacters, isPatient })
    if (!found) return { nodes: [], total: 0, from, isUnknown: true, bottleneck }
    const before = from > 0 ? found.previous?.savedAt : run.startedAt
    const nodes = timed(found.states, before ?? Number.NaN)
    return { nodes, total: found.total, from, isUnknown: false, bottleneck }
  }

  return {
    known: (run, from = 0) => read(run, from, false),
    find: (run, from = 0) => read(run, from, true),

    async count(run) {
      if (isSent(run)) return 0
      const first = { from: 0, max: 1, maxCharacters: 1, isPatient: false }
      return (await store.nodeStates(run.id, first))?.total
    },

    async state(runId, id) {
      const text = await store.nodeStateText(runId, id)
      if (text === undefined) throw new NotFoundError('page', `/runs/${runId}/states/${id}`)
      return text
    },
  }
}

/** The Python program knows nothing of runs that were sent to agents. */
const isSent = ({ agentUrl }: Run) => agentUrl !== null

function timed(states: NodeState[], before: number): RunNode[] {
  let earlier = before
  const nodes = states.map((state): RunNode => {
    const { id: stateId, node, savedAt, bytes } = state
    const facts = factsOf(state)
    const endedAt = facts.endedAt ?? (Number.isNaN(savedAt) ? undefined : savedAt)
    const isDerived = facts.durationSeconds === undefined && endedAt !== undefined && endedAt >= earlier
    const durationSeconds = isDerived ? (endedAt - earlier) / 1000 : facts.durationSeconds
    const startedAt =
      facts.startedAt ??
      (endedAt === undefined || durationSeconds === undefined ? undefined : endedAt - durationSeconds * 1000)
    if (!Number.isNaN(savedAt)) earlier = savedAt
    return { ...facts, stateId, node, bytes, startedAt, endedAt, durationSeconds, isDerived }
  })
  const position = ({ startedAt, endedAt }: RunNode) => startedAt ?? endedAt ?? Number.POSITIVE_INFINITY
  return nodes.sort((a, b) => (position(a) === position(b) ? a.stateId - b.stateId : position(a) - position(b)))
}

function factsOf({ node, beginning }: NodeState): NodeFacts {
  return beginning === undefined ? {} : readNodeFacts(beginning, node, beginning.length < maxCharacters)
}
