import { expect, test } from 'vitest'
import { candidates, parseResolvConf } from '../../../../src/agent/http/names/resolv-conf.ts'

const kubernetes = `
nameserver 10.96.0.10
search default.svc.cluster.local svc.cluster.local cluster.local
options ndots:5 timeout:2
`

test('servers, endings and dots are read', () => {
  expect(parseResolvConf(kubernetes)).toEqual({
    servers: ['10.96.0.10'],
    search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    ndots: 5,
  })
})

test.each([
  ['', { servers: [], search: [], ndots: 1 }],
  ['# nameserver 1.1.1.1\n;search a', { servers: [], search: [], ndots: 1 }],
  ['nameserver\t::1 # here\r\nnameserver 10.0.0.1', { servers: ['::1', '10.0.0.1'], search: [], ndots: 1 }],
  [
    'nameserver nonsense\nnameserver 10.0.0\nnameserver fe80::1%eth0',
    { servers: ['fe80::1%eth0'], search: [], ndots: 1 },
  ],
  ['nameserver 127.0.0.1:5353\nnameserver [::1]:53', { servers: ['127.0.0.1:5353', '[::1]:53'], search: [], ndots: 1 }],
  ['nameserver\nsearch\noptions', { servers: [], search: [], ndots: 1 }],
  ['search a.example\ndomain b.example.', { servers: [], search: ['b.example'], ndots: 1 }],
  ['options ndots:2\noptions ndots:99 rotate', { servers: [], search: [], ndots: 15 }],
  ['options ndots:no edns0', { servers: [], search: [], ndots: 1 }],
  ['what is this', { servers: [], search: [], ndots: 1 }],
])('%j is read as the C library reads it', (text, conf) => expect(parseResolvConf(text)).toEqual(conf))

test.each([
  ['writer', ['writer.default.svc.cluster.local', 'writer.svc.cluster.local', 'writer.cluster.local', 'writer']],
  [
    'writer.agents',
    [
      'writer.agents.default.svc.cluster.local',
      'writer.agents.svc.cluster.local',
      'writer.agents.cluster.local',
      'writer.agents',
    ],
  ],
  ['writer.agents.svc.cluster.local.', ['writer.agents.svc.cluster.local']],
])('in Kubernetes %s may be %j', (name, full) => expect(candidates(name, parseResolvConf(kubernetes))).toEqual(full))

test('a name with enough dots is tried as it is first', () => {
  const conf = parseResolvConf('search corp.example')
  expect(candidates('agent-1.corp.example', conf)).toEqual([
    'agent-1.corp.example',
    'agent-1.corp.example.corp.example',
  ])
  expect(candidates('agent-1', conf)).toEqual(['agent-1.corp.example', 'agent-1'])
})
