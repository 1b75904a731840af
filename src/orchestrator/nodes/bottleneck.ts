import { payloadValue } from '../../shared/json/payload.ts'
import { isMembers } from '../../shared/members.ts'

export type SlowNode = {
  node: string
  seconds: number | undefined
  calls: number | undefined
  percent: number | undefined
}

export type Bottleneck = {
  slowest: SlowNode | undefined
  others: SlowNode[]
  nodeCount: number | undefined
  totalSeconds: number | undefined
}

type Members = Record<string, unknown>

const maxLength = 256 * 1024
const maxOthers = 5

/** Reads the Python program's `bottleneck_info`: JSON of any shape, or a repr. */
export function readBottleneck(text: string): Bottleneck {
  const value = text.length > maxLength ? undefined : payloadValue(text)
  const info = isMembers(value) ? value : {}
  const totalSeconds = secondsIn(info, 'total_time') ?? secondsIn(info, 'total_duration') ?? secondsIn(info, 'total')
  const list = Array.isArray(value) ? value : (info.bottlenecks ?? info.nodes)
  const listed = (Array.isArray(list) ? list : []).map((one) => slowNode(one, totalSeconds)).filter((one) => !!one)
  const named =
    slowNode(info.slowest_node ?? info.slowest ?? info.bottleneck, totalSeconds) ?? slowNode(info, totalSeconds)
  const slowest = named ?? listed[0]
  const known = listed.find(({ node }) => node === slowest?.node)
  return {
    slowest: slowest && {
      node: slowest.node,
      seconds: slowest.seconds ?? known?.seconds,
      calls: slowest.calls ?? known?.calls,
      percent: known?.percent ?? slowest.percent,
    },
    others: listed.filter(({ node }) => node !== slowest?.node).slice(0, maxOthers),
    nodeCount: amount(info.node_count),
    totalSeconds,
  }
}

function slowNode(value: unknown, totalSeconds: number | undefined): SlowNode | undefined {
  if (typeof value === 'string' && value !== '')
    return { node: value, seconds: undefined, calls: undefined, percent: undefined }
  if (!isMembers(value)) return undefined
  const node = value.node_id ?? value.node ?? value.node_name
  if (typeof node !== 'string' || node === '') return undefined
  const calls = amount(value.call_count) ?? amount(value.calls)
  const average = secondsIn(value, 'avg_duration')
  const seconds =
    secondsIn(value, 'total_duration') ??
    secondsIn(value, 'duration') ??
    (average === undefined ? undefined : average * (calls ?? 1))
  const percent = amount(value.percent_of_total) ?? amount(value.percentage) ?? amount(value.percent)
  const computed = seconds !== undefined && totalSeconds ? (seconds / totalSeconds) * 100 : undefined
  return { node, seconds, calls, percent: percent ?? computed }
}

function secondsIn(members: Members, name: string): number | undefined {
  const milliseconds = amount(members[`${name}_ms`])
  return milliseconds === undefined
    ? (amount(members[`${name}_seconds`]) ?? amount(members[name]))
    : milliseconds / 1000
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
