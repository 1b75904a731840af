import type { RunNode, RunNodes } from '../../orchestrator/nodes/nodes.ts'
import type { Run } from '../../orchestrator/runs/runs.ts'
import { isStrictJson } from '../../shared/json.ts'
import { plural } from '../../shared/plural.ts'
import { formatBytes, formatCost, formatNumber, unknown } from '../format/numbers.ts'
import { presentStatus } from '../format/run.ts'
import { formatDuration, isoTime } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentBottleneck } from './bottleneck.ts'
import { presentGantt } from './gantt.ts'

export async function presentNodes(run: Run, found: RunNodes) {
  const { nodes, total, from, isUnknown, bottleneck } = found
  if (total === 0 && !isUnknown && !bottleneck) return undefined
  const starts = nodes.flatMap(({ startedAt }) => startedAt ?? [])
  const origin = Number.isFinite(run.startedAt) ? run.startedAt : Math.min(...starts)
  const ranges = nodes.map(rangeOf)
  const { ticks, bars } = await presentGantt(ranges, origin, from > 0 ? Math.min(...starts) : origin)
  const pageTo = from + nodes.length
  return {
    path: paths.nodes(run.id),
    isUnknown,
    note: isUnknown ? '' : noteOf(run, found, ranges),
    bottleneck: bottleneck && presentBottleneck(run, bottleneck),
    ticks,
    rows: nodes.map((node, index) => ({ ...presentNode(run, node, origin), bar: bars[index] })),
    totals:
      nodes.length > 1 && total === nodes.length && nodes.some(({ tokens, costUsd }) => tokens ?? costUsd)
        ? totalsOf(nodes)
        : undefined,
    isDerived: nodes.some(({ isDerived }) => isDerived),
    shown: total > nodes.length ? `${formatNumber(from + 1)} to ${formatNumber(pageTo)} of ${formatNumber(total)}` : '',
    morePath: pageTo < total ? paths.nodes(run.id, { from: String(pageTo) }) : '',
  }
}

function rangeOf({ startedAt, endedAt, durationSeconds }: RunNode) {
  if (startedAt === undefined || durationSeconds === undefined) return undefined
  return { from: startedAt, to: Math.max(startedAt, endedAt ?? startedAt + durationSeconds * 1000) }
}

function presentNode(run: Run, node: RunNode, origin: number) {
  const { stateId, durationSeconds, isDerived, inputTokens, outputTokens, error, status, startedAt } = node
  const isBad = error !== undefined || status === 'failed'
  const duration = formatDuration(durationSeconds)
  return {
    id: `state-${stateId}`,
    node: node.node,
    model: node.model ?? '',
    status: isBad
      ? presentStatus('failed')
      : status !== undefined && status !== 'completed'
        ? presentStatus(status)
        : undefined,
    tone: isBad ? 'bad' : isDerived ? 'derived' : 'good',
    start:
      startedAt === undefined || !Number.isFinite(origin)
        ? unknown
        : `+${formatDuration(Math.max(0, startedAt - origin) / 1000)}`,
    duration: isDerived ? `~ ${duration}` : duration,
    tokens: formatNumber(node.tokens),
    tokensTitle:
      inputTokens === undefined || outputTokens === undefined
        ? ''
        : `${formatNumber(inputTokens)} in, ${formatNumber(outputTokens)} out`,
    cost: formatNodeCost(node.costUsd),
    error: error ?? '',
    size: formatBytes(node.bytes),
    path: paths.nodeState(run.id, String(stateId)),
    viewPath: paths.viewNodeState(run.id, String(stateId)),
  }
}

function noteOf(run: Run, { nodes, total }: RunNodes, ranges: ReturnType<typeof rangeOf>[]): string {
  if (total === 0) return ''
  if (total > nodes.length) return `${formatNumber(total)} states`
  const names = new Set(nodes.map(({ node }) => node)).size
  const count = `${plural(names, 'node')}${total > names ? `, ${total} times` : ''}`
  const isKnown = ranges.every((range) => range !== undefined) && !nodes.some(({ isDerived }) => isDerived)
  if (!isKnown || run.durationSeconds === null) return count
  return `${count} · active ${formatDuration(coveredMs(ranges) / 1000)} of ${formatDuration(run.durationSeconds)}`
}

/** Nodes may overlap. */
function coveredMs(ranges: ReturnType<typeof rangeOf>[]): number {
  let covered = 0
  let upTo = Number.NEGATIVE_INFINITY
  for (const { from, to } of ranges.filter((range) => range !== undefined).sort((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, upTo))
    upTo = Math.max(upTo, to)
  }
  return covered
}

function totalsOf(nodes: RunNode[]) {
  const sumOf = (values: (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined)
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
  }
  return {
    tokens: formatNumber(sumOf(nodes.map(({ tokens }) => tokens))),
    cost: formatNodeCost(sumOf(nodes.map(({ costUsd }) => costUsd))),
  }
}

function formatNodeCost(usd: number | undefined): string {
  if (usd === undefined || usd === 0 || usd >= 0.001) return formatCost(usd)
  return usd < 0.000001 ? '< $0.000001' : `$${usd.toFixed(6)}`
}

export function nodesAsJson(run: Run, { nodes, total, from }: RunNodes): string {
  const list = nodes.map((node) => ({
    state_id: node.stateId,
    node_id: node.node,
    status: node.status ?? null,
    started_at: isoTime(node.startedAt),
    ended_at: isoTime(node.endedAt),
    duration_seconds: node.durationSeconds ?? null,
    duration_is_derived: node.isDerived,
    input_tokens: node.inputTokens ?? null,
    output_tokens: node.outputTokens ?? null,
    total_tokens: node.tokens ?? null,
    cost_usd: node.costUsd ?? null,
    model: node.model ?? null,
    error: node.error ?? null,
    state: paths.nodeState(run.id, String(node.stateId)),
  }))
  const rest = JSON.stringify({ run_id: run.id, total, from, nodes: list })
  const { bottleneck } = run
  const text = bottleneck === null || isStrictJson(bottleneck) ? bottleneck : JSON.stringify(bottleneck)
  return `${rest.slice(0, -1)},"bottleneck_info":${text}}`
}
