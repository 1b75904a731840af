import { expect, test } from 'vitest'
import { api, buildTestApp, ended, execute, expectProblem, page, submit } from '../support/app.ts'
import { withAgent } from '../support/runs/executed.ts'
import { storeOf } from '../support/store/database.ts'
import { isOnPostgres } from '../support/store/which.ts'

const url = '/orchestrator/writer'

async function withCheckedAgent() {
  const found = await withAgent()
  found.app.orchestrator.start()
  await expect.poll(() => found.agent.requests.map((one) => one.url)).toEqual(['/health', '/schema'])
  const checks = () => found.agent.requests.filter((one) => one.url === '/health').length
  const state = async () => {
    const { html } = await page(found.app, url)
    return html.querySelector('#agent-state')!.textContent.replace(/\s+/g, ' ').trim()
  }
  return { ...found, checks, state }
}

test('a paused agent is not checked, and says since when', async () => {
  const { app, clock, checks, state } = await withCheckedAgent()
  const answer = await api(app, 'POST', `${url}/pause`)
  expect(answer).toMatchObject({ status: 200, json: { agent_id: 'writer', paused_at: '2026-11-22T16:14:30.057Z' } })
  await clock.advance(3 * 60_000)
  expect(checks()).toBe(1)
  expect(await state()).toBe('Paused 3m')
  const { html, text } = await page(app, url)
  expect(text).toContain('Checks are paused. You can still execute this agent.')
  expect(html.querySelector('#check-now')).toBeNull()
  expect(html.querySelector('#pause')!.attributes).toMatchObject({ action: `${url}/resume`, method: 'post' })
  expect(html.querySelector('#pause button')!.text.trim()).toBe('Resume checks')
  expect((await api(app, 'GET', url)).json).toMatchObject({ status: 'paused', paused_at: '2026-11-22T16:14:30.057Z' })
  expectProblem(await api(app, 'POST', `${url}/check`), 409)
})

test('who pauses a paused agent again changes nothing', async () => {
  const { app, clock } = await withCheckedAgent()
  const first = await api(app, 'POST', `${url}/pause`)
  await clock.advance(60_000)
  expect((await api(app, 'POST', `${url}/pause`)).json).toEqual(first.json)
})

test('a paused agent can be executed', async () => {
  const { app, state, checks } = await withCheckedAgent()
  await api(app, 'POST', `${url}/pause`)
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({ status: 'completed' })
  expect(await state()).toMatch(/^Paused/)
  expect(checks()).toBe(1)
})

test('an agent that is resumed is checked at once, and goes on as before', async () => {
  const { app, clock, checks, state } = await withCheckedAgent()
  await api(app, 'POST', `${url}/pause`)
  await clock.advance(60_000)
  expect((await api(app, 'POST', `${url}/resume`)).json).toEqual({ agent_id: 'writer', paused_at: null })
  await clock.advance(1)
  await expect.poll(checks).toBe(2)
  await expect.poll(state).toBe('Healthy')
  await clock.advance(11_000)
  await expect.poll(checks).toBe(3)
  expect((await api(app, 'POST', `${url}/resume`)).status).toBe(200)
})

test('a pause outlives the program', async () => {
  const { app, clock, agent } = await withCheckedAgent()
  await api(app, 'POST', `${url}/pause`)
  await app.close()
  const again = await buildTestApp({ db: app.db }, { clock })
  again.orchestrator.start()
  const before = agent.requests.length
  await clock.advance(60_000)
  expect(agent.requests).toHaveLength(before)
  expect((await page(again, url)).text).toContain('Paused 1m')
  // Dashboards on PostgreSQL tell each other.
  if (!isOnPostgres) expect((await page(again, url)).text).toContain('none since the dashboard started')
  expect(await storeOf(again).agents.get('writer')).toMatchObject({ pausedAt: Date.UTC(2026, 10, 22, 16, 14, 30, 57) })
})

test('an incident ends with a pause: while nobody looks, nothing is known', async () => {
  const { app, clock, agent, state } = await withCheckedAgent()
  await agent.close()
  for (const word of [/^Checking 1/, /^Checking 2/, /^Down/]) {
    await clock.advance(word.source.includes('1') ? 10_000 : 2000)
    await expect.poll(state).toMatch(word)
  }
  await clock.advance(30_000)
  await api(app, 'POST', `${url}/pause`)
  const incidents = async () => (await api(app, 'GET', url)).json.incidents
  await expect.poll(async () => (await incidents())[0].ended_at).not.toBeNull()
  await clock.advance(60_000)
  expect(await incidents()).toHaveLength(1)
})

test('a browser without JavaScript is led back to the page, which keeps its range', async () => {
  const { app, state } = await withCheckedAgent()
  const paused = await submit(app, `${url}/pause?range=30d`)
  expect(paused).toMatchObject({ status: 303, headers: { location: `${url}?range=30d` } })
  expect(await state()).toMatch(/^Paused/)
  const resumed = await submit(app, `${url}/resume`)
  expect(resumed).toMatchObject({ status: 303, headers: { location: url } })
})

test('htmx gets the region, as it is then, and a message', async () => {
  const { app } = await withCheckedAgent()
  const post = (path: string) =>
    app.inject({
      method: 'POST',
      url: path,
      headers: { accept: 'text/html', 'hx-request': 'true', 'hx-current-url': `http://localhost${url}` },
    })
  const paused = await post(`${url}/pause?range=7d`)
  expect(paused).toMatchObject({ statusCode: 200, headers: { 'hx-reswap': 'none' } })
  expect(paused.payload).toContain('<hx-partial hx-target="#agent" hx-swap="outerMorph"><article id="agent"')
  expect(paused.payload).toContain('Paused Article Writer. It is not checked until you resume it.')
  expect(paused.payload).toContain(`action="${url}/resume?range=7d"`)
  const resumed = await post(`${url}/resume?range=7d`)
  expect(resumed.payload).toContain('Resumed Article Writer.')
  expect(resumed.payload).toContain(`action="${url}/pause?range=7d"`)
})

test('an agent that is not there cannot be paused', async () => {
  const { app } = await withCheckedAgent()
  expectProblem(await api(app, 'POST', '/orchestrator/nobody/pause'), 404)
  expectProblem(await api(app, 'POST', '/orchestrator/nobody/resume'), 404)
})
