import type { Random } from '../random.ts'
import { oddTexts } from './payloads.ts'
import type { NewRun } from './runs.ts'

/** What the Python program saves when a node of a run has ended. */
export type ExampleState = { runId: string; nodeId: string; stateData: string; createdAt: number }

/** A node of a flow: when it works, as parts of the whole time of the run. The time between is that of nodes of code. */
type Node = { id: string; from: number; to: number; output: string }

const flows: Record<string, Node[]> = {
  local_flow: [
    { id: 'outline', from: 0.01, to: 0.2, output: 'outline' },
    { id: 'write', from: 0.2, to: 0.78, output: 'result' },
    { id: 'check', from: 0.86, to: 0.99, output: 'checked' },
  ],
  nightly_digest: [
    { id: 'collect', from: 0.12, to: 0.3, output: 'items' },
    { id: 'rank', from: 0.3, to: 0.52, output: 'order' },
    { id: 'summarize', from: 0.3, to: 0.81, output: 'result' },
    { id: 'compose', from: 0.81, to: 0.97, output: 'checked' },
  ],
  inbox_triage: [
    { id: 'classify', from: 0.02, to: 0.24, output: 'kind' },
    { id: 'draft_reply', from: 0.24, to: 0.97, output: 'result' },
  ],
}
const model = 'gemini-1.5-flash'
const usdPerToken = 0.0000006
const oddInputs = new Set(oddTexts.map(({ inputs }) => inputs))

/**
 * The states of the runs that the Python program carried out itself, and into each of these runs where its time went.
 * Older versions saved less: runs with odd texts have states without times.
 */
export function exampleStates(runs: NewRun[], random: Random): ExampleState[] {
  return runs.filter(({ agentId }) => agentId === undefined).flatMap((run) => statesOf(run, random))
}

function statesOf(run: NewRun, random: Random): ExampleState[] {
  const power = random.between(0.7, 1.4)
  const all = (flows[run.workflowName] ?? []).map((node) => ({
    ...node,
    from: node.from ** power,
    to: node.to ** power,
  }))
  const failing = run.status === 'failed' ? random.whole(0, all.length) : all.length
  const nodes = all.filter(({ to }) => to <= (all[failing]?.to ?? 1))
  const stretch = (run.durationSeconds ?? 0) / (nodes.at(-1)?.to ?? 1)
  const isOdd = oddInputs.has(run.inputs ?? '')
  const timed = nodes.map((node) => ({ ...node, seconds: round(stretch * (node.to - node.from), 4) }))
  if (run.status === 'completed' && !isOdd) run.bottleneckInfo = JSON.stringify(bottleneck(timed))
  const states = timed.map((node, index) => {
    // The run's error names the node that failed.
    const nodeId = index === failing ? (/^Node '(\w+)'/.exec(run.errorMessage ?? '')?.[1] ?? node.id) : node.id
    const data = () => (index === failing ? failed(run, { ...node, id: nodeId }) : completed(run, node, timed.length))
    return {
      runId: run.id,
      nodeId,
      stateData: isOdd ? `{'node_id': '${node.id}', 'outputs': {'${node.output}': None}}` : JSON.stringify(data()),
      createdAt: run.startedAt + Math.round(stretch * node.to * 1000),
    }
  })
  return states.sort((a, b) => a.createdAt - b.createdAt)
}

type Timed = Node & { seconds: number }

function completed(run: NewRun, { id, seconds, output }: Timed, nodes: number) {
  const tokens = Math.round((run.totalTokens ?? 900) / nodes)
  const outputTokens = Math.round(tokens * 0.3)
  const outputs = JSON.parse(run.outputs ?? '{}') as Record<string, unknown>
  return {
    node_id: id,
    duration_seconds: seconds,
    input_tokens: tokens - outputTokens,
    output_tokens: outputTokens,
    total_tokens: tokens,
    model,
    status: 'completed',
    cost_usd: round(tokens * usdPerToken, 8),
    outputs: { [output]: String(outputs[output] ?? `${output} of ${run.workflowName}`).slice(0, 500) },
  }
}

function failed({ errorMessage }: NewRun, { id, seconds }: Timed) {
  return {
    node_id: id,
    duration_seconds: seconds,
    status: 'failed',
    error: String(errorMessage).replace(/^Node '\w+' failed: /, ''),
  }
}

function bottleneck(nodes: Timed[]) {
  const timings = nodes.map(({ id, seconds }) => {
    const ms = seconds * 1000
    return { node_id: id, total_duration_ms: ms, avg_duration_ms: ms, call_count: 1 }
  })
  const total = timings.reduce((sum, { total_duration_ms: ms }) => sum + ms, 0)
  const slowest = timings.reduce((a, b) => (b.total_duration_ms > a.total_duration_ms ? b : a))
  const percent = round((slowest.total_duration_ms / total) * 100, 2)
  return {
    total_time_ms: total,
    node_count: nodes.length,
    slowest_node: slowest,
    bottlenecks: percent > 50 ? [{ ...slowest, percent_of_total: percent }] : [],
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
