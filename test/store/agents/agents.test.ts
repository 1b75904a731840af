import { expect, test } from 'vitest'
import { type AgentRow, createAgentTable } from '../../../src/store/sqlite/agents/agents.ts'
import { createRunTable } from '../../../src/store/sqlite/runs/runs.ts'
import { connect, openTestStore } from '../../support/store.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

function agentRow(agentId: string, more: Partial<AgentRow> = {}): AgentRow {
  return {
    agentId,
    agentName: agentId,
    host: 'localhost',
    port: 8001,
    lastHeartbeat: at,
    ttlSeconds: 60,
    agentMetadata: '{}',
    registeredAt: at,
    baseUrl: 'http://localhost:8001',
    registeredBy: 'hand',
    pausedAt: null,
    checkIntervalSeconds: null,
    checkTimeoutSeconds: null,
    givenName: null,
    givenDescription: null,
    ...more,
  }
}

test('an agent is read as it was saved, and stands in the file in the terms of Python', async () => {
  const { store, path } = openTestStore()
  const agents = createAgentTable(store)
  const saved = await agents.save(agentRow('writer', { agentName: 'Größe "1"', agentMetadata: '{"n": 1.0}' }))
  expect(saved).toMatchObject(agentRow('writer', { agentName: 'Größe "1"', agentMetadata: '{"n": 1.0}' }))
  expect(agents.all()).toEqual([agentRow('writer', { agentName: 'Größe "1"', agentMetadata: '{"n": 1.0}' })])
  expect(connect(path).prepare('SELECT * FROM agents').get()).toMatchObject({
    agent_id: 'writer',
    last_heartbeat: '2026-11-22 16:14:30.057000',
    registered_at: '2026-11-22 16:14:30.057000',
  })
})

test('saving again replaces everything but when the agent was registered first', async () => {
  const agents = createAgentTable(openTestStore().store)
  await agents.save(agentRow('writer'))
  const later = at + 60_000
  const changed = agentRow('writer', {
    agentName: 'Writer 2',
    host: 'agents.example',
    port: 443,
    baseUrl: 'https://agents.example/writer',
    ttlSeconds: 600,
    agentMetadata: '{"description":"new"}',
    lastHeartbeat: later,
    registeredAt: later,
  })
  expect(await agents.save(changed)).toMatchObject({ ...changed, registeredAt: at })
  expect(agents.all()).toEqual([{ ...changed, registeredAt: at }])
})

test('saving leaves the registration of an agent that Python registered as it stands', async () => {
  const { store, path } = openTestStore()
  const python = connect(path)
  python.exec(
    `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, agent_metadata, registered_at)
       VALUES ('writer', 'W', 'h', 1, '2026-11-20T08:00:00', 60, 'None', '2026-11-20T08:00:00')`,
  )
  const saved = await createAgentTable(store).save(agentRow('writer'))
  expect(saved.registeredAt).toBe(Date.UTC(2026, 10, 20, 8))
  expect(python.prepare('SELECT registered_at FROM agents').pluck().get()).toBe('2026-11-20T08:00:00')
})

test('agents are listed by name, whatever its case, and by id where names are the same', async () => {
  const agents = createAgentTable(openTestStore().store)
  for (const [id, agentName] of [
    ['3', 'beta'],
    ['2', 'Alpha'],
    ['5', 'gamma'],
    ['4', 'alpha'],
    ['1', 'Gamma'],
  ] as const) {
    await agents.save(agentRow(id, { agentName }))
  }
  expect(agents.all().map(({ agentId }) => agentId)).toEqual(['2', '4', '3', '1', '5'])
})

test('the last schema is kept to the byte, is not listed, and is forgotten when the agent is saved again', async () => {
  const agents = createAgentTable(openTestStore().store)
  await agents.save(agentRow('writer'))
  expect(agents.schemaOf('writer')).toBeNull()
  const schema = '{ "inputs": {"n": {"default": 1.0, "x": NaN}} }\n'
  await agents.saveSchema('writer', schema)
  expect(agents.schemaOf('writer')).toBe(schema)
  expect(agents.all()[0]).not.toHaveProperty('lastSchema')

  await agents.save(agentRow('writer'))
  expect(agents.schemaOf('writer')).toBeNull()
})

test('a schema of an agent that has gone in the meantime is dropped', async () => {
  const agents = createAgentTable(openTestStore().store)
  await agents.saveSchema('gone', '{}')
  expect(agents.schemaOf('gone')).toBeNull()
  expect(agents.all()).toEqual([])
})

test('removing an agent tells whether there was one, and leaves its runs', async () => {
  const { store } = openTestStore()
  const agents = createAgentTable(store)
  const runs = createRunTable(store)
  await agents.save(agentRow('writer'))
  await runs.insert({ id: 'a', workflowName: 'writer', agentId: 'writer', status: 'completed', startedAt: at })
  expect(await agents.remove('writer')).toBe(true)
  expect(await agents.remove('writer')).toBe(false)
  expect(agents.all()).toEqual([])
  expect(runs.get('a')).toMatchObject({ agentId: 'writer' })
})
