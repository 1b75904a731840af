import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, register, type TestApp } from '../support/app.ts'
import { testDatabase } from '../support/postgres/database.ts'

const secretKey = 'ab'.repeat(32)
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

const usualRun = json({ status: 'success', outputs: { result: 'An article' } })

/** The whole program, twice, on one database. */
async function openTwo() {
  const { url } = await testDatabase()
  async function start(port: number) {
    const store = await openPostgresStore(url, systemClock)
    const app = await buildTestApp({ secretKey, port, runsPerAgent: 1 }, { openStore: () => store, clock: systemClock })
    await app.orchestrator.start()
    return app
  }
  return [await start(8001), await start(8002)] as const
}

test("two dashboards carry out each other's work, and list each other until one stops", async () => {
  const [one, two] = await openTwo()
  const agent = await startAgent({ run: silence })
  await register(one, agent.url)
  const posts = () => agent.requests.filter(({ method }) => method === 'POST').length
  const state = async (app: TestApp) => (await api(app, 'GET', '/orchestrator')).json.agents
  await until(async () => expect(await state(two)).toMatchObject([{ agent_id: 'writer' }]))

  const [sent, queued] = [await execute(one, 'writer'), await execute(two, 'writer')]
  await until(() => expect(posts()).toBe(1))
  const told = await page(two, `/runs/${queued}`)
  expect(told.text).toContain('Queued')
  expect(told.html.querySelector(`a[href="/runs/${sent}"]`)).toBeTruthy()
  agent.handlers.run = usualRun
  expect((await api(two, 'POST', `/runs/${sent}/cancel`)).status).toBe(200)
  expect(await ended(one, queued)).toMatchObject({ status: 'completed' })
  expect(await ended(one, sent)).toMatchObject({ status: 'cancelled' })
  expect(posts()).toBe(2)

  const listed = async (app: TestApp) =>
    (await api(app, 'GET', '/system')).json.dashboards.map(
      ({ name, is_this, leads }: { name: string; is_this: boolean; leads: boolean }) => [
        name.split(':')[1],
        is_this,
        leads,
      ],
    )
  expect(await listed(two)).toEqual([
    ['8001', false, true],
    ['8002', true, false],
  ])
  const shown = await page(one, '/system')
  expect(shown.html.querySelector('[aria-labelledby="dashboards-title"]')!.text).toMatch(
    /:8001 \(this one\)\s+Leads\s+.*:8002\s+Running/s,
  )
  await one.close()
  expect(await listed(two)).toEqual([['8002', true, expect.any(Boolean)]])
})
