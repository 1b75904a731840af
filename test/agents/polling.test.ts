import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { silence, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { changeBeside } from '../support/store/beside.ts'

const list = '/orchestrator/health-check'
const asHtmx = { 'hx-request': 'true', accept: 'text/html' }
const asScript = { accept: 'application/json' }

/** What is asked for, and its tag, unless it is what the tags in `known` stand for. */
async function ask(app: TestApp, url: string, known?: string, headers: Record<string, string> = asHtmx) {
  const response = await app.inject({ url, headers: { ...headers, ...(known && { 'if-none-match': known }) } })
  return { status: response.statusCode, headers: response.headers, body: response.payload, tag: response.headers.etag! }
}

/** Its schema, which is kept when it comes, never comes. */
async function withAgent() {
  const agent = await startAgent({ schema: silence })
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock, random: () => 0.5 })
  await register(app, agent.url)
  return { agent, clock, app }
}

test('answers 304, without a body, as long as nothing that is shown has changed', async () => {
  const { app, clock } = await withAgent()
  const first = await ask(app, list)
  expect(first.status).toBe(200)
  expect(first.tag).toMatch(/^W\/"[\w-]{27}"$/)
  expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept, hx-request, cookie' })
  const again = await ask(app, list, first.tag)
  expect(again).toMatchObject({ status: 304, body: '', tag: first.tag })
  expect(again.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept, hx-request, cookie' })

  // Only how long ago things were, which goes on in the browser.
  await clock.advance(9000)
  expect(await ask(app, list, first.tag)).toMatchObject({ status: 304, body: '' })
  expect((await ask(app, list)).tag).toBe(first.tag)
})

test('understands tags as proxies and caches send them, and no others', async () => {
  const { app } = await withAgent()
  const { tag } = await ask(app, list)
  const strong = tag.slice(2)
  for (const known of [tag, strong, `"other", ${tag}`, `${strong} ,W/"other"`, '*'])
    expect((await ask(app, list, known)).status, known).toBe(304)
  for (const known of ['"other"', 'W/""', strong.slice(1, -1), `${tag}x`, ' '])
    expect((await ask(app, list, known)).status, known).toBe(200)
})

test('the region carries the tags to ask with', async () => {
  const { app } = await withAgent()
  const { body, tag } = await ask(app, list)
  expect(body).toContain(`data-etag="${tag.replaceAll('"', '&quot;')}"`)
  expect(body).toMatch(/data-states-etag="W\/&quot;states\.[\w-]{16}&quot;"/)
  expect((await ask(app, '/orchestrator', undefined, { accept: 'text/html' })).headers.etag).toBeUndefined()
})

test('answers anew after a check, a registration, a pause, a removal', async () => {
  const { app, agent, clock } = await withAgent()
  let { tag } = await ask(app, list)
  const isAnew = async () => {
    const now = await ask(app, list, tag)
    const isOther = now.tag !== tag && now.status === 200
    tag = now.tag
    return isOther
  }
  expect(await isAnew()).toBe(false)
  await clock.advance(10_000)
  await expect.poll(isAnew).toBe(true)
  await register(app, agent.url, 'other', 'Other')
  expect(await isAnew()).toBe(true)
  await app.orchestrator.pause('other', localActor)
  expect(await isAnew()).toBe(true)
  await app.orchestrator.resume('other', localActor)
  expect(await isAnew()).toBe(true)
  await app.orchestrator.remove('other', localActor)
  expect(await isAnew()).toBe(true)
  expect(await isAnew()).toBe(false)
})

test('answers anew when an agent has expired, without anything else happening', async () => {
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  app.orchestrator.start()
  await app.orchestrator.registerItself(
    { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: 1 },
    localActor,
  )
  await app.orchestrator.pause('self', localActor)
  await app.orchestrator.resume('self', localActor)
  await clock.advance(59_000)
  await expect.poll(async () => (await ask(app, list)).body).toContain('Down')
  const { tag } = await ask(app, list)
  await clock.advance(2000)
  await expect.poll(async () => (await ask(app, list, tag)).body).toContain('Expired')
})

test('what another program changes is told within a second', async () => {
  const { app, clock } = await withAgent()
  app.orchestrator.start()
  const { tag } = await ask(app, list)
  await changeBeside(app, "UPDATE agents SET agent_name = 'Renamed'", "UPDATE agents SET name = 'Renamed'")
  await clock.advance(1000)
  const { status, body } = await ask(app, list, tag)
  expect(status).toBe(200)
  expect(body).toContain('Renamed')
})

test('a tag of the states alone stays when a check finds what the one before did, and goes with the state', async () => {
  const { app, agent, clock } = await withAgent()
  const first = await ask(app, list)
  const states = /data-states-etag="([^"]+)"/.exec(first.body)![1]!.replaceAll('&quot;', '"')
  const look = async () => (await ask(app, list, `${first.tag}, ${states}`)).status
  await clock.advance(10_000)
  await expect.poll(async () => (await ask(app, list, first.tag)).status).toBe(200)
  expect(await look()).toBe(304)
  await agent.close()
  await clock.advance(10_000)
  await expect.poll(look).toBe(200)
})

test('gives scripts tags of their own: what they get under one is not the page', async () => {
  const { app } = await withAgent()
  const html = await ask(app, list)
  const json = await ask(app, list, html.tag, asScript)
  expect(json.status).toBe(200)
  expect(JSON.parse(json.body).agents).toHaveLength(1)
  expect(await ask(app, list, json.tag, asScript)).toMatchObject({ status: 304, body: '' })
  expect((await ask(app, list, json.tag)).status).toBe(200)
})

test('no tag of one process means anything to the next', async () => {
  const { app } = await withAgent()
  const { tag } = await ask(app, list)
  await app.close()
  const next = await buildTestApp({ db: app.db })
  expect((await ask(next, list, tag)).status).toBe(200)
})

test('the overview answers 304 until runs, the state of an agent or the day change', async () => {
  const { app, agent, clock } = await withAgent()
  let { tag } = await ask(app, '/')
  const isAnew = async () => {
    const now = await ask(app, '/', tag)
    tag = now.tag
    return now.status === 200
  }
  expect(await ask(app, '/', tag)).toMatchObject({ status: 304, body: '' })
  await insertRuns(app, [{ id: 'one' }])
  expect(await isAnew()).toBe(true)
  await clock.advance(10_000)
  expect(await isAnew()).toBe(false)
  await agent.close()
  await clock.advance(10_000)
  await expect.poll(isAnew).toBe(true)
  await clock.leap(24 * 3_600_000)
  expect(await isAnew()).toBe(true)
  expect((await ask(app, '/', tag, { accept: 'text/html' })).status).toBe(200)
})
