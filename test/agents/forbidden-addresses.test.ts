import { expect, test } from 'vitest'
import { createNames } from '../../src/agent/http/names/names.ts'
import { systemClock } from '../../src/shared/time/clock.ts'
import { startAgent } from '../support/agents/agent.ts'
import { announce } from '../support/agents/announced.ts'
import { api, buildTestApp, ended, execute, expectProblem, register } from '../support/app.ts'
import { moveAgents } from '../support/store/beside.ts'

const never = 'link-local and metadata addresses are never called'

test.each([
  'http://169.254.169.254',
  'http://2852039166/latest',
  'http://0xA9.0xFE.0xA9.0xFE:8080',
  'http://0251.0376.0251.0376',
  'http://169.254.43518',
  'http://１６９.254.169.254',
  'http://169.254.169.254.:8001',
  'http://[::ffff:169.254.169.254]',
  'http://[64:ff9b::a9fe:a9fe]:8001',
  'http://[2002:a9fe:a9fe::]',
  'http://[fe80::1]:8001',
  'http://[fd00:ec2::254]',
  'http://100.100.100.200',
  'http://168.63.129.16',
])('%s is not registered, and not called', async (url) => {
  const app = await buildTestApp()
  const body = { agent_id: 'writer', agent_name: 'Writer', agent_url: url }
  const answer = await api(app, 'POST', '/orchestrator/register', body)
  expectProblem(answer, 503, ['agent_url'])
  expect(answer.json.detail).toMatch(new RegExp(`^Cannot connect to agent at \\S+: ${never}\\.$`))
  expect(app.orchestrator.agents().agents).toEqual([])
})

test('an IPv6 address with a zone is no URL', async () => {
  const app = await buildTestApp()
  const body = { agent_id: 'writer', agent_name: 'Writer', agent_url: 'http://[fe80::1%25eth0]:8001' }
  expect((await api(app, 'POST', '/orchestrator/register', body)).status).toBe(400)
  expect((await announce(app, { host: 'fe80::1%eth0' })).status).toBe(422)
})

const leadsTo = (...addresses: string[]) =>
  createNames(
    async () => ({
      addresses: addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      freshMs: 0,
    }),
    systemClock,
  )

test('a name is judged by where it leads when it is called, also for runs and the doctor', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { names: leadsTo('169.254.169.254', 'fe80::1%eth0') })
  await register(app, agent.url)
  await moveAgents(app, 'metadata.example', 80)
  const reason = `it resolves to 169.254.169.254, and ${never}.`
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({
    status: 'failed',
    error_message: `Cannot connect to agent at http://metadata.example:80: ${reason}`,
  })
  const { json } = await api(app, 'POST', '/orchestrator/test', { agent_url: 'http://metadata.example' })
  expect(json.lines.find(({ check }: { check: string }) => check === 'name')).toMatchObject({
    verdict: 'fail',
    message: expect.stringMatching(/^It resolves to 169\.254\.169\.254, /),
  })
})

test('of several addresses those that may be called are', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { names: leadsTo('fe80::1%eth0', '127.0.0.1') })
  await register(app, agent.url.replace('127.0.0.1', 'agent.example'))
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({ status: 'completed' })
})
