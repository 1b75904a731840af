import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, ended, execute, page, register, type TestApp } from '../support/app.ts'
import { openTwo, roundRobin, until } from '../support/cluster/two-dashboards.ts'
import { readExposition } from '../support/exposition.ts'

const asHtmx = { 'hx-request': 'true', 'hx-request-type': 'partial', accept: 'text/html' }
const polled = ['/', '/runs', '/orchestrator/health-check', '/orchestrator/writer']

test('a poll that changes dashboard is told 304 while nothing changes, and what changed at once', async () => {
  const [one, two] = await openTwo({ healthIntervalSeconds: 3600 })
  const agent = await startAgent()
  await register(one, agent.url)
  const times = { started_at: '2026-11-22T16:14:30Z', completed_at: '2026-11-22T16:14:31Z' }
  await api(two, 'POST', '/runs', { run_id: 'a', workflow_name: 'nightly', status: 'completed', ...times })
  const ask = roundRobin([one, two])
  const poll = (url: string, known = '', accept = asHtmx.accept) =>
    ask({ url, headers: { ...asHtmx, accept, 'if-none-match': known } })
  const state = async () => (await api(two, 'GET', '/orchestrator')).json.agents[0]?.status
  await until(async () => expect(await state()).toBe('healthy'))

  for (const url of polled) {
    await until(async () => {
      const known = String((await poll(url)).headers.etag)
      const answers = [await poll(url, known), await poll(url, known), await poll(url, known)]
      expect([url, ...answers.map(({ statusCode }) => statusCode)]).toEqual([url, 304, 304, 304])
    })
  }

  const tags = await Promise.all(polled.map(async (url) => String((await poll(url)).headers.etag)))
  for (const [index, url] of polled.entries()) {
    for (const by of [one, two]) {
      const other = by === one ? two : one
      const name = `${by === one ? 'First' : 'Second'} name ${index}`
      const agents = await api(by, 'POST', '/orchestrator/writer/edit', { agent_name: name })
      expect(agents.status, JSON.stringify(agents.json)).toBeLessThan(400)
      const told = await other.inject({ url, headers: { ...asHtmx, 'if-none-match': tags[index]! } })
      expect([url, told.statusCode]).toEqual([url, 200])
      expect(told.payload).toContain(name)
      tags[index] = String(told.headers.etag)
    }
  }
})

test('a check that is asked for anywhere is made by the one that leads, and known to all with its answer', async () => {
  const [one, two] = await openTwo({ healthIntervalSeconds: 3600 })
  const agent = await startAgent()
  await register(one, agent.url)
  const asked = () => agent.requests.filter(({ url }) => url === '/health').length
  for (const [round, app] of [two, one, two].entries()) {
    agent.handlers.health = json({ status: 'healthy', version: `release ${round}` })
    const before = asked()
    expect((await api(app, 'POST', '/orchestrator/writer/check')).status).toBe(200)
    expect(asked()).toBe(before + 1)
    for (const each of [one, two]) {
      expect((await page(each, '/orchestrator/writer')).text).toContain(`release ${round}`)
      const { checks } = (await api(each, 'GET', '/orchestrator')).json.agents[0]
      expect(checks).toHaveLength(before + 1)
    }
  }
  await one.close()
  expect((await page(two, '/orchestrator/writer')).text).toContain('release 2')
  const before = asked()
  await until(async () => expect((await api(two, 'GET', '/system')).json.dashboards[0].leads).toBe(true))
  expect((await api(two, 'POST', '/orchestrator/check')).status).toBe(200)
  expect(asked()).toBeGreaterThan(before)
})

test('metrics of all dashboards are given by the one that leads, so that sums over them are right', async () => {
  const [one, two] = await openTwo()
  const agent = await startAgent()
  await register(one, agent.url)
  const scrape = async (app: TestApp) => readExposition((await app.inject('/metrics')).payload)
  await until(async () => expect((await api(two, 'GET', '/orchestrator')).json.agents[0].status).toBe('healthy'))
  await ended(two, await execute(two, 'writer'))
  const [ofOne, ofTwo] = [await scrape(one), await scrape(two)]
  expect([ofOne.value('leads'), ofTwo.value('leads')]).toEqual([1, 0])
  expect([ofOne.value('agents', { state: 'healthy' }), ofTwo.value('agents', { state: 'healthy' })]).toEqual([
    1,
    undefined,
  ])
  expect([ofOne.value('runs_accepted_total'), ofTwo.value('runs_accepted_total')]).toEqual([0, 1])
  expect([ofOne, ofTwo].map(({ value }) => value('runs_ended_total', { status: 'completed' }))).toEqual([0, 1])
  const given = (metrics: typeof ofOne) =>
    new Set(metrics.samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')))
  const documented = readFileSync('docs/operations.md', 'utf8').matchAll(
    /^\| `(configurable_agents_\w+)` .*\*of all\* \|$/gm,
  )
  const missing = [...given(ofOne)].filter((name) => !given(ofTwo).has(name))
  expect([...documented].map(([, name]) => name!)).toEqual(expect.arrayContaining(missing))
  expect(missing.length).toBeGreaterThan(5)
})
