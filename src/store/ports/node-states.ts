export type NodeState = {
  id: number
  node: string
  savedAt: number
  bytes: number
  /** The start of its text; undefined where the states before fill the page. */
  beginning: string | undefined
}

/** In the order in which they were saved; `previous` is the one before the first. */
export type NodeStates = { total: number; previous: Omit<NodeState, 'beginning'> | undefined; states: NodeState[] }
