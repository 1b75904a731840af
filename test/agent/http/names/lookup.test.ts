import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createNameLookup, type LookupSources } from '../../../../src/agent/http/names/lookup.ts'
import { systemClock } from '../../../../src/shared/time/clock.ts'
import { createTestClock } from '../../../support/clock.ts'
import { startNameServer, type Zone } from '../../../support/network/name-server.ts'
import { temporaryFolder } from '../../../support/temporary.ts'

type Found = { address: string }[]
type Given = Partial<LookupSources> & { zone?: Zone; hosts?: string; conf?: string }

const noSuchName = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }))

/** The lookup with a name server, a hosts file and a resolv.conf of its own; `asked` is what the system was asked. */
async function createLookup({ zone = {}, hosts = '', conf = '', ...more }: Given = {}) {
  const folder = temporaryFolder()
  const server = await startNameServer(zone)
  writeFileSync(`${folder}/hosts`, hosts)
  writeFileSync(`${folder}/resolv.conf`, `nameserver ${server.server}\n${conf}`)
  const asked: string[] = []
  const { askSystem = noSuchName } = more
  const lookUp = createNameLookup(systemClock, {
    hostsPath: `${folder}/hosts`,
    resolvConfPath: `${folder}/resolv.conf`,
    queryMs: 50,
    lookUpMs: 5000,
    ...more,
    askSystem: (name) => {
      asked.push(name)
      return askSystem(name)
    },
  })
  const addresses = async (name: string) => {
    const found = await lookUp(name)
    return 'addresses' in found ? found.addresses.map(({ address }) => address).join(' ') : found.missing
  }
  return { lookUp, addresses, server, asked, folder }
}

test('the hosts file comes first, and nobody is asked for what it holds', async () => {
  const { addresses, server, asked } = await createLookup({
    hosts: '10.0.0.5 agent-1.corp.example',
    zone: { 'agent-1.corp.example': ['10.0.0.6'] },
  })
  expect(await addresses('agent-1.corp.example')).toBe('10.0.0.5')
  expect(await addresses('agent-1.corp.example.')).toBe('10.0.0.5')
  expect([server.asked, asked]).toEqual([[], []])
})

test('a name server is asked for both families, and the system for nothing', async () => {
  const { lookUp, server, asked } = await createLookup({
    zone: { 'agent-1.corp.example': ['10.0.0.6', 'fd00:0:0:0:0:0:0:6'] },
  })
  expect(await lookUp('agent-1.corp.example')).toEqual({
    addresses: [
      { address: '10.0.0.6', family: 4 },
      { address: 'fd00::6', family: 6 },
    ],
    freshMs: 30_000,
  })
  expect(server.asked.sort()).toEqual(['agent-1.corp.example 4', 'agent-1.corp.example 6'])
  expect(asked).toEqual([])
})

test('the endings of resolv.conf are tried, as in Kubernetes', async () => {
  const { addresses, server } = await createLookup({
    zone: { 'writer.agents.svc.cluster.local': ['10.0.0.7'] },
    conf: 'search default.svc.cluster.local svc.cluster.local\noptions ndots:5',
  })
  expect(await addresses('writer.agents')).toBe('10.0.0.7')
  expect(new Set(server.asked.map((one) => one.split(' ')[0]))).toEqual(
    new Set(['writer.agents.default.svc.cluster.local', 'writer.agents.svc.cluster.local']),
  )
})

test('an ending whose servers are silent does not hide the next one', async () => {
  const { addresses } = await createLookup({
    zone: { 'writer.dead.example': 'silent', 'writer.corp.example': ['10.0.0.7'] },
    conf: 'search dead.example corp.example',
  })
  expect(await addresses('writer')).toBe('10.0.0.7')
})

test('what is unknown to name servers the system may know', async () => {
  const { addresses, asked } = await createLookup({ askSystem: async () => [{ address: '192.168.1.9' }] as Found })
  expect(await addresses('printer.local')).toBe('192.168.1.9')
  expect(asked).toEqual(['printer.local'])
})

test.each([
  ['unknown', 'unknown'],
  ['failing', 'failing'],
] as const)('a name that is %s to everyone is %s', async (said, missing) => {
  const { addresses } = await createLookup({ zone: { 'agent-1.corp.example': said } })
  expect(await addresses('agent-1.corp.example')).toBe(missing)
})

test('a name too long for any server leads nowhere', async () => {
  const { addresses } = await createLookup()
  expect(await addresses(`${'x'.repeat(300)}.example`)).toBe('unknown')
  expect(await addresses('a..b')).toBe('unknown')
})

test('silent names hold one thread of the system at most, and no other name', async () => {
  const hangs = Promise.withResolvers<Found>()
  const silent = Array.from({ length: 25 }, (_, index) => `silent-${index}.corp.example`)
  const { addresses, asked } = await createLookup({
    zone: {
      ...Object.fromEntries(silent.map((name) => [name, 'silent' as const])),
      'well.corp.example': ['10.0.0.8'],
    },
    askSystem: () => hangs.promise,
  })
  const answers = silent.map(addresses)
  expect(await addresses('well.corp.example')).toBe('10.0.0.8')
  // All but the one that the system is asked for.
  const told: string[] = []
  await new Promise<void>((resolve) => {
    for (const answer of answers) answer.then((one) => told.push(one) === silent.length - 1 && resolve())
  })
  expect(new Set(told)).toEqual(new Set(['silent']))
  expect(asked).toHaveLength(1)
  expect(await addresses('well.corp.example')).toBe('10.0.0.8')
  hangs.reject(new Error('at last'))
  await Promise.all(answers)
})

test('two names that only the system may know are asked for one after the other', async () => {
  const hangs = [Promise.withResolvers<Found>(), Promise.withResolvers<Found>()]
  const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let calls = 0
  const { addresses, asked } = await createLookup({
    askSystem: () => {
      began[calls]!.resolve()
      return hangs[calls++]!.promise
    },
  })
  const [one, other] = [addresses('one.local'), addresses('other.local')]
  await began[0]!.promise
  expect(asked).toHaveLength(1)
  hangs[0]!.resolve([{ address: '192.168.1.1' }])
  await began[1]!.promise
  hangs[1]!.resolve([{ address: '192.168.1.2' }])
  expect(new Set([await one, await other])).toEqual(new Set(['192.168.1.1', '192.168.1.2']))
})

test('a lookup ends at its deadline, whatever hangs', async () => {
  const { addresses } = await createLookup({ lookUpMs: 100, askSystem: () => new Promise(() => undefined) })
  expect(await addresses('printer.local')).toBe('silent')
  const silent = await createLookup({ lookUpMs: 100, queryMs: 60_000, zone: { 'silent.example': 'silent' } })
  expect(await silent.addresses('silent.example')).toBe('silent')
})

test('without a hosts file name servers are asked', async () => {
  const { addresses } = await createLookup({ hostsPath: '/nowhere/hosts', zone: { 'agent-1': ['10.0.0.6'] } })
  expect(await addresses('agent-1')).toBe('10.0.0.6')
})

test('changed files are read again after a while', async () => {
  const folder = temporaryFolder()
  const clock = createTestClock()
  const hostsPath = `${folder}/hosts`
  writeFileSync(hostsPath, '10.0.0.5 agent-1')
  const lookUp = createNameLookup(clock, { hostsPath, askSystem: noSuchName })
  expect(await lookUp('agent-1')).toMatchObject({ addresses: [{ address: '10.0.0.5' }] })
  writeFileSync(hostsPath, '10.0.0.6 agent-1')
  await clock.advance(5000)
  expect(await lookUp('agent-1')).toMatchObject({ addresses: [{ address: '10.0.0.6' }] })
})
