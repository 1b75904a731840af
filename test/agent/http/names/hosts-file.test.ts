import { expect, test } from 'vitest'
import { parseHosts } from '../../../../src/agent/http/names/hosts-file.ts'

test('names of a hosts file lead to their addresses', () => {
  const hosts = parseHosts(`
# 10.0.0.9 commented-out
127.0.0.1\tlocalhost  vm # a comment
10.0.0.5 Agent-1.Corp.Example agent-1
fd00::5  agent-1
  10.0.0.6 agent-1\r
10.0.0.300 no-address
0x0a000007 no-spelling-of-an-address
10.0.0.8
`)
  expect([...hosts.keys()]).toEqual(['localhost', 'vm', 'agent-1.corp.example', 'agent-1'])
  expect(hosts.get('agent-1.corp.example')).toEqual([{ address: '10.0.0.5', family: 4 }])
  expect(hosts.get('agent-1')).toEqual([
    { address: '10.0.0.5', family: 4 },
    { address: 'fd00::5', family: 6 },
    { address: '10.0.0.6', family: 4 },
  ])
})

test.each(['', '\u0000\u0001', '#', 'a b c'])('a file that holds no line leads nowhere: %j', (text) => {
  expect(parseHosts(text).size).toBe(0)
})
