import { expect, test } from 'vitest'
import { readBottleneck } from '../../src/orchestrator/nodes/bottleneck.ts'

const slow = { node_id: 'write', total_duration_ms: 8000, avg_duration_ms: 4000, call_count: 2 }

test('reads the summary that the Python program writes', () => {
  const info = {
    total_time_ms: 10_000,
    node_count: 3,
    slowest_node: slow,
    bottlenecks: [{ ...slow, percent_of_total: 80 }],
  }
  expect(readBottleneck(JSON.stringify(info))).toEqual({
    slowest: { node: 'write', seconds: 8, calls: 2, percent: 80 },
    others: [],
    nodeCount: 3,
    totalSeconds: 10,
  })
})

test('computes the share of the slowest node where it stands in no list', () => {
  const { slowest } = readBottleneck(JSON.stringify({ total_time_ms: 16_000, slowest_node: slow, bottlenecks: [] }))
  expect(slowest).toMatchObject({ node: 'write', percent: 50 })
})

test.each([
  ['{"slowest_node": "write"}', 'write'],
  ['["write", "check"]', 'write'],
  ['[{"node": "write", "duration_seconds": 3}]', 'write'],
  ['{"bottlenecks": [{"node_id": "write"}]}', 'write'],
  ['{"bottleneck": {"node_name": "write"}}', 'write'],
  ['{"node_id": "write", "duration_ms": 3000}', 'write'],
  ["{'slowest_node': 'write', 'x': None}", 'write'],
  ['{"slowest_node": {"node_id": "write", "total_duration_ms": NaN}}', 'write'],
])('finds the slowest node in %s', (text, node) => {
  expect(readBottleneck(text).slowest?.node).toBe(node)
})

test.each([
  '',
  'None',
  '{}',
  '[]',
  '12',
  'text',
  '{"slowest_node": null}',
  '{"bottlenecks": {}}',
  '[null, 1, {"node_id": 5}]',
])('knows nothing from %j', (text) => {
  expect(readBottleneck(text)).toMatchObject({ slowest: undefined, others: [] })
})

test('names few of many', () => {
  const list = Array.from({ length: 1000 }, (_, index) => ({ node_id: `n${index}`, percent: 0.1 }))
  expect(readBottleneck(JSON.stringify(list)).others.map(({ node }) => node)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5'])
})
