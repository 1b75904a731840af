import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/shared/time/clock.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, register, type TestApp } from '../support/app.ts'
import { testDatabase } from '../support/postgres/database.ts'

const secretKey = 'ab'.repeat(32)
const timeout = 60_000
const until = (check: () => unknown) => vi.waitFor(check, { timeout, interval: 50 })

const usualRun = json({ status: 'success', outputs: { result: 'An article' } })

/** The whole program, twice, on one database. */
async function openTwo(clock = systemClock) {
  const { url } = await testDatabase()
  async function start(port: number) {
    const store = await openPostgresStore(url, clock)
    const app = await buildTestApp({ secretKey, port, runsPerAgent: 1 }, { openStore: () => store, clock })
    await app.orchestrator.start()
    return app
  }
  return [await start(8001), await start(8002)] as const
}

test("two dashboards carry out each other's work, and list each other until one stops", { timeout }, async () => {
  const [one, two] = await openTwo()
  const agent = await startAgent({ run: silence })
  await register(one, agent.url)
  const posts = () => agent.requests.filter(({ method }) => method === 'POST').length
  const state = async (app: TestApp) => (await api(app, 'GET', '/orchestrator')).json.agents
  await until(async () => expect(await state(two)).toMatchObject([{ agent_id: 'writer' }]))

  const [sent, queued] = [await execute(one, 'writer'), await execute(two, 'writer')]
  await until(() => expect(posts()).toBe(1))
  await until(async () => {
    const told = await page(two, `/runs/${queued}`)
    expect(told.text).toContain('Queued')
    expect(told.html.querySelector(`a[href="/runs/${sent}"]`)).toBeTruthy()
  })
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
    /This page comes from \S+:8001\..*:8001 [\d.]+\s+Leads\s+.*:8002 [\d.]+\s+Running/s,
  )
  expect(shown.html.text).not.toContain('Its clock')
  await one.close()
  expect(await listed(two)).toEqual([['8002', true, expect.any(Boolean)]])
})

test.each([
  [7.5, 'Its clock is about 7m ahead of the database'],
  [0.1, 'Its clock is about 6s ahead of the database'],
  [-0.1, 'Its clock is about 6s behind the database'],
  [-3.5, 'Its clock is about 3m behind the database'],
])('a clock that is %d minutes off is named', { timeout }, async (minutes, words) => {
  const off = minutes * 60_000 + Math.sign(minutes) * 400
  const clock = { ...systemClock, now: () => systemClock.now() + off }
  const [one] = await openTwo(clock)
  expect((await page(one, '/system')).html.text).toContain(words)
})

test('a page that has not changed for one dashboard is no answer about what another shows', { timeout }, async () => {
  const [one, two] = await openTwo()
  const asked = async (app: TestApp, tag?: string) => {
    const headers = { 'hx-request': 'true', accept: 'text/html', ...(tag !== undefined && { 'if-none-match': tag }) }
    return app.inject({ url: '/runs', headers })
  }
  const tagOf = async (app: TestApp) => String((await asked(app)).headers.etag)
  const told = async (by: TestApp, ids: string[]) => {
    const other = by === one ? two : one
    const before = await tagOf(other)
    const times = { started_at: '2026-11-22T16:14:30Z', completed_at: '2026-11-22T16:14:31Z' }
    await Promise.all(
      ids.map((run_id) =>
        api(by, 'POST', '/runs', { run_id, workflow_name: 'nightly', status: 'completed', ...times }),
      ),
    )
    await until(async () => expect(await tagOf(other)).not.toBe(before))
  }
  // What one told of twice at once and heard of once, the other hears of once and tells of twice.
  await told(one, ['a', 'b'])
  await told(two, ['c'])
  const held = await tagOf(one)
  await told(two, ['d'])
  expect((await asked(two, held)).statusCode).toBe(200)
  await until(async () => expect((await asked(one, await tagOf(one))).statusCode).toBe(304))
})
