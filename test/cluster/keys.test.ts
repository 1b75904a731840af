import { expect, test } from 'vitest'
import { systemClock } from '../../src/shared/time/clock.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp } from '../support/app.ts'
import { testDatabase } from '../support/postgres/database.ts'

const [oneKey, otherKey] = ['ab'.repeat(32), 'cd'.repeat(32)]

/** Starts dashboards on one database, each with its key; their leases lapse within a second. */
async function onOneDatabase() {
  const { url, client } = await testDatabase()
  let port = 8000
  async function start(secretKey: string) {
    const store = await openPostgresStore(url, systemClock)
    const config = { secretKey, leaseSeconds: 1, port: ++port }
    const app = await buildTestApp(config, { openStore: () => store, clock: systemClock })
    await app.orchestrator.start()
    return app
  }
  return { start, client }
}

test('one dashboard needs no key, and another one beside it is refused in words until both have the same', async () => {
  const { start } = await onOneDatabase()
  const alone = await start('')
  await expect(start('')).rejects.toThrow(
    /^The dashboard .+:8001 uses this database\. Several dashboards need the same key: set CONFIGURABLE_AGENTS_SECRET_KEY /,
  )
  await expect(start(oneKey)).rejects.toThrow(
    /:8001 uses this database with another key than this one has, or with none/,
  )
  await alone.close()
  const first = await start(oneKey)
  await expect(start(otherKey)).rejects.toThrow(/:8004 uses this database with another key/)
  await expect(start('')).rejects.toThrow(/:8004 uses this database\. Several/)
  await start(oneKey)
  await first.close()
})

test('without its key, a database with a credential is refused', async () => {
  const { start } = await onOneDatabase()
  const first = await start(oneKey)
  const agent = await startAgent()
  const credential = { type: 'bearer', token: 'a-secret-token' }
  const asked = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url, credential }
  expect((await api(first, 'POST', '/orchestrator/register', asked)).status).toBe(200)
  await first.close()
  await expect(start('')).rejects.toThrow(
    'One credential of agents in this database is encrypted. Set CONFIGURABLE_AGENTS_SECRET_KEY to the key',
  )
})

test('a dashboard that was killed a moment ago keeps nobody from starting', async () => {
  const { start, client } = await onOneDatabase()
  const now = 'extract(epoch FROM clock_timestamp()) * 1000'
  await client.query(`INSERT INTO dashboards (name, version, since, seen_at, until, held_since)
    VALUES ('killed:8000', '0', 0, ${now}, ${now} + 1500, 0)`)
  const app = await start('')
  const { json } = await api(app, 'GET', '/system')
  expect(json.dashboards.filter(({ is_this }: { is_this: boolean }) => is_this)).toHaveLength(1)
})
