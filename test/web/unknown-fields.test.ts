import { describe, expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { announcement, asPython } from '../support/agents/announced.ts'
import { api, buildTestApp, expectProblem, register, submit } from '../support/app.ts'

const agent = { agent_id: 'other', agent_name: 'Other', agent_url: 'http://localhost:9' }

describe('a misspelt field of a body is refused with the names that there are, and nothing is saved', () => {
  test.each([
    [
      '/orchestrator/register',
      { ...agent, anyway: true, descripton: 'Writes articles.' },
      'There is no field “descripton”. There are agent_id, agent_name, agent_url, description, metadata, credential, ca, fingerprint, health_path and anyway.',
    ],
    [
      '/orchestrator/writer/edit',
      { agent_nam: 'Other' },
      'There is no field “agent_nam”. There are agent_name, agent_url, description, check_interval_seconds, check_timeout_seconds, credential, ca, fingerprint, health_path and anyway.',
    ],
    [
      '/agents/register',
      { agent_id: 'other', agent_name: 'Other', host: 'localhost', port: 9, ttl: 3600 },
      'There is no field “ttl”. There are agent_id, agent_name, host, port, ttl_seconds and metadata.',
    ],
    [
      '/orchestrator/test',
      { agent_ur: 'http://localhost:9' },
      'There is no field “agent_ur”. There are agent_url, agent_id, credential, ca, fingerprint and health_path.',
    ],
    ['/runs/x/rerun', { inputs: {} }, 'There is no field “inputs”. None is known here.'],
  ])('%s', async (url, body, detail) => {
    const { app, list } = await withWriter()
    const before = await list()
    const answer = await api(app, 'POST', url, body)
    expectProblem(answer, 422, [Object.keys(body).at(-1)!])
    expect(answer.json.detail).toBe(detail)
    expect(await list()).toEqual(before)
  })

  test('as a form', async () => {
    const { app, list } = await withWriter()
    const before = await list()
    expect(await submit(app, '/orchestrator/register', { ...agent, anyway: '1', descripton: 'x' })).toMatchObject({
      status: 422,
      text: expect.stringContaining('There is no field “descripton”.'),
    })
    expect(await list()).toEqual(before)
  })
})

test('metadata is free', async () => {
  const { app } = await withWriter()
  const metadata = { team: 'news', description: 'Writes articles.' }
  expect(await api(app, 'POST', '/orchestrator/register', { ...agent, metadata, anyway: true })).toMatchObject({
    status: 200,
  })
  expect((await api(app, 'GET', '/agents/other')).json.metadata).toBe(JSON.stringify(metadata))
})

test('what the client of the Python program sends is all known', async () => {
  const { app } = await withWriter()
  expect(await asPython(app, 'POST', '/agents/register', announcement)).toMatchObject({ status: 200 })
})

async function withWriter() {
  const app = await buildTestApp()
  await register(app, (await startAgent()).url)
  return { app, list: async () => (await api(app, 'GET', '/agents?include_dead=true')).json }
}
