import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, ended, execute, page, register, submit, type TestApp } from '../support/app.ts'
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

test('a form, a key, a view, an export and a bulk action go on at the other dashboard', async () => {
  const [one, two] = await openTwo()
  const agent = await startAgent({ run: json({ status: 'success', outputs: { result: 'An article' } }) })
  await register(one, agent.url)
  const withKey = (app: TestApp) =>
    app.inject({
      ...{ method: 'POST', url: '/orchestrator/writer/execute', payload: { inputs: { topic: 'Jazz' } } },
      headers: { accept: 'application/json', 'idempotency-key': 'key-1' },
    })
  const ids = [await withKey(one), await withKey(two), await withKey(one)].map((answer) => answer.json().run_id)
  expect(ids).toEqual([ids[0], ids[0], ids[0]])

  const form = await page(one, '/orchestrator/writer/execute')
  const fields = Object.fromEntries(
    form.html
      .querySelectorAll('form input[name], form textarea[name]')
      .map((field) => [
        field.getAttribute('name')!,
        field.tagName === 'TEXTAREA' ? 'Blues' : (field.getAttribute('value') ?? ''),
      ]),
  )
  const sent = [
    await submit(two, '/orchestrator/writer/execute', fields),
    await submit(one, '/orchestrator/writer/execute', fields),
  ]
  expect(sent.map(({ status, headers }) => [status, headers.location])).toEqual(
    sent.map(() => [303, expect.stringMatching(/^\/runs\/[\da-f-]{36}$/)]),
  )
  expect(sent[0]!.headers.location).toBe(sent[1]!.headers.location)
  for (const id of [ids[0], String(sent[0]!.headers.location).split('/').at(-1)!]) await ended(two, id)

  expect(
    (await api(two, 'POST', '/runs/views', { name: 'Done', filter: '/runs?status=completed' })).status,
  ).toBeLessThan(300)
  expect((await page(one, '/runs')).text).toContain('Done')
  const exported = await Promise.all([one, two].map((app) => app.inject('/runs/export?format=ndjson')))
  expect(exported[0]!.payload).toBe(exported[1]!.payload)
  expect(exported[0]!.payload.trim().split('\n')).toHaveLength(2)

  // The one that leads acts; the other has begun it, and says how far it came.
  const begun = await api(two, 'POST', '/runs/bulk', { action: 'delete', run_ids: [ids[0]], confirm: true })
  expect(begun.status, begun.text).toBe(202)
  const bulk = begun.json.bulk_id
  await until(async () =>
    expect((await api(two, 'GET', `/runs/bulk/${bulk}`)).json).toMatchObject({ status: 'done', done: 1 }),
  )
  for (const app of [one, two]) expect((await page(app, `/runs/bulk/${bulk}`)).text).toContain('1 run')
})

test('a bulk action that has ended on one dashboard shows its results on all of them', async () => {
  const [one, two] = await openTwo()
  const times = { started_at: '2026-11-22T16:14:30Z', completed_at: '2026-11-22T16:14:31Z' }
  for (const app of [two, one, two]) {
    await api(one, 'POST', '/runs', { run_id: 'a', workflow_name: 'nightly', status: 'completed', ...times })
    let tag = ''
    const list = async () => {
      const answer = await app.inject({ url: '/runs', headers: { ...asHtmx, 'if-none-match': tag } })
      tag = String(answer.headers.etag)
      return answer
    }
    expect((await list()).payload).toContain('/runs/a"')
    const { json } = await api(app, 'POST', '/runs/bulk', { action: 'delete', run_ids: ['a'], confirm: true })
    const state = async () => (await api(app, 'GET', `/runs/bulk/${json.bulk_id}`)).json.status
    let before = ''
    do {
      before = (await list()).payload || before
    } while ((await state()) !== 'done')
    const after = (await list()).payload || before
    expect(after).toContain('1 run deleted')
    expect(after).not.toContain('/runs/a"')
  }
})
