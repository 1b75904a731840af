import type { Bottleneck, SlowNode } from '../../orchestrator/nodes/bottleneck.ts'
import type { Run } from '../../orchestrator/runs/runs.ts'
import { presentJson } from '../format/json-text.ts'
import { presentTree } from '../format/json-tree.ts'
import { formatDuration } from '../format/times.ts'
import { paths } from '../http/paths.ts'

export function presentBottleneck(run: Run, bottleneck: Bottleneck) {
  const text = run.bottleneck ?? ''
  const tree = presentTree(text)
  return {
    sentence: sentenceOf(bottleneck),
    tree,
    treePath: paths.bottleneckTree(run.id),
    spans: tree ? [] : presentJson(text).spans,
    rawPath: paths.bottleneck(run.id),
  }
}

function sentenceOf({ slowest, others, nodeCount, totalSeconds }: Bottleneck): string {
  if (!slowest) return ''
  const { seconds, calls, percent } = slowest
  const time = seconds === undefined ? '' : formatDuration(seconds)
  const inCalls = calls !== undefined && calls > 1 ? ` in ${calls} calls` : ''
  const all = nodeCount === undefined ? 'all nodes' : nodeCount === 1 ? 'the one node' : `all ${nodeCount} nodes`
  const whole = totalSeconds === undefined ? '' : ` (${formatDuration(totalSeconds)})`
  const share = percent === undefined ? '' : `${Math.round(percent)}% of the time of ${all}${whole}`
  const facts = [time + inCalls, share].filter(Boolean).join(', ')
  const rest = others.length === 0 ? '' : ` Also slow: ${others.map(nameOf).join(', ')}.`
  return `Slowest node: “${slowest.node}”${facts && `, ${facts}`}.${rest}`
}

function nameOf({ node, percent, seconds }: SlowNode): string {
  const much =
    percent === undefined ? (seconds === undefined ? '' : formatDuration(seconds)) : `${Math.round(percent)}%`
  return `“${node}”${much && ` (${much})`}`
}
