import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createNameLookup } from '../../src/agent/http/names/lookup.ts'
import { createNames } from '../../src/agent/http/names/names.ts'
import { systemClock } from '../../src/shared/time/clock.ts'
import { startAgent } from '../support/agents/agent.ts'
import { announce } from '../support/agents/announced.ts'
import { api, buildTestApp, ended, execute, register } from '../support/app.ts'
import { startNameServer } from '../support/network/name-server.ts'
import { temporaryFolder } from '../support/temporary.ts'

test('agents whose names lead nowhere take no other agent down', async () => {
  const folder = temporaryFolder()
  const silent = Array.from({ length: 12 }, (_, index) => `agent-${index}.corp.example`)
  const nameServer = await startNameServer({
    ...Object.fromEntries(silent.map((name) => [name, 'silent' as const])),
    'known.corp.example': ['127.0.0.1'],
  })
  writeFileSync(`${folder}/hosts`, '127.0.0.1 in-hosts-file')
  writeFileSync(`${folder}/resolv.conf`, `nameserver ${nameServer.server}\nsearch corp.example`)
  const paths = { hostsPath: `${folder}/hosts`, resolvConfPath: `${folder}/resolv.conf` }
  const hangs = new Promise<never>(() => undefined)
  const lookUp = createNameLookup(systemClock, { ...paths, queryMs: 60_000, askSystem: () => hangs })
  const app = await buildTestApp(
    { healthTimeoutSeconds: 1, registerTimeoutSeconds: 1 },
    { names: createNames(lookUp, systemClock) },
  )
  const agent = await startAgent()
  await register(app, `http://localhost:${agent.port}`, 'at-localhost')
  await register(app, `http://known:${agent.port}`, 'known')
  await register(app, `http://in-hosts-file:${agent.port}`, 'in-hosts')
  for (const host of silent) await announce(app, { agent_id: host, host })
  app.orchestrator.start()

  const reasonOf = async (id: string) =>
    (await api(app, 'GET', '/orchestrator')).json.agents.find((one: { agent_id: string }) => one.agent_id === id)
      ?.reason
  await expect.poll(() => reasonOf(silent[3]!)).toBe(`could not resolve ${silent[3]}`)
  for (const id of ['at-localhost', 'known', 'in-hosts']) {
    expect(await ended(app, await execute(app, id))).toMatchObject({ status: 'completed' })
    expect(await reasonOf(id)).toBeNull()
  }
  const refused = await api(app, 'POST', '/orchestrator/register', {
    agent_id: 'new',
    agent_name: 'New',
    agent_url: `http://${silent[0]}:8001`,
  })
  expect(refused.json.detail).toBe(
    `Cannot connect to agent at http://${silent[0]}:8001: could not resolve ${silent[0]}.`,
  )
})
