import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, register, type TestApp } from '../support/app.ts'
import { rawRows } from '../support/store/raw.ts'

const schemaPath = '/orchestrator/writer/schema'
const kept = async (app: TestApp) =>
  JSON.parse((await rawRows<{ last_schema: string }>(app, 'SELECT last_schema FROM agents'))[0]!.last_schema)
const described = (workflow: string) => ({ workflow, inputs: {} })

test('the schema of an agent that is registered again is kept for the next start', async () => {
  const agent = await startAgent({ schema: json(described('one')) })
  const app = await buildTestApp()
  for (let times = 0; times < 2; times++) {
    await register(app, agent.url)
    await api(app, 'GET', schemaPath)
    expect(await kept(app)).toEqual(described('one'))
  }
})

test('a schema that arrives from the address an agent has left is not kept as its own', async () => {
  const { promise: asked, resolve: noteAsked } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const agent = await startAgent({ schema: json(described('one')) })
  const other = await startAgent({ schema: json(described('two')) })
  const app = await buildTestApp()
  await register(app, agent.url)
  await api(app, 'GET', schemaPath)
  agent.handlers.schema = async (request, response, body) => {
    noteAsked()
    await released
    json(described('old'))(request, response, body)
  }
  const late = api(app, 'GET', schemaPath)
  await asked
  await api(app, 'POST', '/orchestrator/writer/edit', { agent_url: other.url })
  await api(app, 'GET', schemaPath)
  release()
  await late
  expect(await kept(app)).toEqual(described('two'))
})
