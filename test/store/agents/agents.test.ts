import { describe, expect, test } from 'vitest'
import type { NewAgent } from '../../../src/store/ports/agents.ts'
import { startOtherProgram } from '../../support/store/other-program.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

const writer: NewAgent = {
  id: 'writer',
  name: 'Writer',
  url: 'http://localhost:8001/writer',
  host: 'localhost',
  port: 8001,
  metadata: '{}',
  registeredBy: 'hand',
  ttlSeconds: 60,
  at,
}

const asPython = `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, agent_metadata, registered_at)
  VALUES ('writer', 'W', 'h', 1, '2026-11-20T08:00:00', 60, 'None', '2026-11-20T08:00:00')`

describe('an agent in the file', () => {
  test('stands there in the terms of Python', async () => {
    const { store, path } = openTestStore()
    await store.agents.save(writer)
    expect(connect(path).prepare('SELECT * FROM agents').get()).toMatchObject({
      agent_id: 'writer',
      host: 'localhost',
      port: 8001,
      last_heartbeat: '2026-11-22 16:14:30.057000',
      registered_at: '2026-11-22 16:14:30.057000',
    })
  })

  test('that Python registered keeps the time of that to the letter when it is saved again', async () => {
    const { store, path } = openTestStore()
    const python = connect(path)
    python.exec(asPython)
    expect(await store.agents.save(writer)).toMatchObject({ registeredAt: Date.UTC(2026, 10, 20, 8) })
    expect(python.prepare('SELECT registered_at FROM agents').pluck().get()).toBe('2026-11-20T08:00:00')
  })

  test('moves when Python writes another host or port, and not when it writes the same', async () => {
    const { store, path } = openTestStore()
    await store.agents.save(writer)
    const python = connect(path)
    python.exec("UPDATE agents SET host = 'LOCALHOST'")
    expect(await store.agents.get('writer')).toMatchObject({ url: 'http://localhost:8001/writer' })
    python.exec('UPDATE agents SET port = 8002')
    expect(await store.agents.get('writer')).toMatchObject({ url: 'http://LOCALHOST:8002', port: 8002 })
  })

  test('has registered itself where it has beaten since Python entered it, and stays so when it is moved', async () => {
    const { store, path } = openTestStore()
    connect(path).exec(asPython)
    expect(await store.agents.get('writer')).toMatchObject({ registeredBy: 'hand' })
    await store.agents.beat('writer', at)
    expect(await store.agents.get('writer')).toMatchObject({ registeredBy: 'self' })
    expect(await store.agents.change('writer', { url: 'http://localhost:8001/w' })).toMatchObject({
      registeredBy: 'self',
      url: 'http://localhost:8001/w',
    })
  })

  test('is as another program left it: what makes no sense is absent', async () => {
    const { store, path } = openTestStore()
    await store.agents.save(writer)
    connect(path).exec(
      `UPDATE agents SET ttl_seconds = 'long', paused_at = 'yesterday', registered_at = 'then', check_interval_seconds = 'often'`,
    )
    expect(await store.agents.get('writer')).toMatchObject({
      ttlSeconds: undefined,
      pausedAt: 0,
      registeredAt: Number.NaN,
      checkIntervalSeconds: undefined,
    })
  })
})

test('the revision of agents moves when another program changes the file', async () => {
  const { store, path } = openTestStore()
  const before = store.agents.revision()
  await startOtherProgram().sql(path, asPython)
  expect(store.agents.revision()).not.toBe(before)
})
