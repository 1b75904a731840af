import { http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, onTestFinished, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { announce, asPython } from '../support/agents/announced.ts'
import { api, buildTestApp, expectProblem, page, partial, submitPartial } from '../support/app.ts'
import { createTestClock, settle } from '../support/clock.ts'
import { fetchTransport } from '../support/network/fetch-transport.ts'

/** An app at work, on a clock that stands still, whose agents answer `/health` as `answers` says. */
async function watchingApp(answers: () => Response = () => Response.json({ status: 'healthy' })) {
  const clock = createTestClock()
  const asked: number[] = []
  const agents = setupServer(
    http.get('http://localhost:8001/health', () => {
      asked.push(clock.now())
      return answers()
    }),
  )
  agents.listen({ onUnhandledFrame: 'error' })
  onTestFinished(() => agents.close())
  const app = await buildTestApp({}, { clock, transport: fetchTransport })
  app.orchestrator.start()
  const listed = async () => {
    const [agent] = (await api(app, 'GET', '/orchestrator')).json.agents
    const { html } = await partial(app, '/orchestrator/health-check')
    expect(html.querySelectorAll('tr[data-state]').length).toBe(1)
    return { status: agent.status, reason: agent.reason, shown: html.querySelector('tr[data-state]')!.textContent }
  }
  const beat = () => asPython(app, 'POST', '/agents/writer/heartbeat')
  return { clock, app, listed, beat, asked }
}

test('an agent that registers itself is on the list at once, and healthy once it answers', async () => {
  const { app, clock, listed } = await watchingApp()
  await announce(app)
  expect((await listed()).status).toBe('unknown')
  await clock.advance(2000)
  expect(await listed()).toMatchObject({
    status: 'healthy',
    shown: expect.stringMatching(/Article Writer/),
  })
})

test('an agent that registers itself as it starts is given time to listen before it is checked', async () => {
  const { app, clock, asked } = await watchingApp()
  const startedAt = clock.now()
  await announce(app)
  await clock.advance(10_000)
  expect(asked[0]).toBe(startedAt + 2000)
})

test.each([1500, 3000, 5000])(
  'an agent that crashes and registers itself every %i ms does not get out of its checks',
  async (everyMs) => {
    const { app, clock, listed, asked } = await watchingApp(() => Response.error())
    for (let starts = 0; starts < 30_000 / everyMs; starts++) {
      await announce(app)
      await clock.advance(everyMs)
    }
    expect(asked.length).toBeGreaterThan(3)
    expect((await listed()).status).toBe('down')
  },
)

test('beats keep an agent from expiring, and are no answers to a check', async () => {
  const { app, clock, listed, beat } = await watchingApp(() => Response.json({ reason: 'no GPU' }, { status: 500 }))
  await announce(app)
  for (let beats = 0; beats < 60; beats++) {
    await clock.advance(2000)
    await beat()
    expect((await listed()).status).not.toBe('healthy')
  }
  expect(await listed()).toMatchObject({ status: 'down', reason: 'HTTP 500: no GPU' })
})

test('registering again at the same address postpones no check, and has the next one come soon', async () => {
  const { app, clock, asked } = await watchingApp()
  await announce(app)
  await clock.advance(2000)
  expect(asked).toHaveLength(1)
  for (let second = 0; second < 4; second++) {
    await announce(app)
    await clock.advance(1000)
  }
  expect(asked.map((at) => at - asked[0]!)).toEqual([0, 2000, 4000])
})

test('an agent that stops to beat expires although it answers, and is there for as long as nobody removes it', async () => {
  const { app, clock, listed, beat } = await watchingApp()
  await announce(app)
  for (let beats = 0; beats < 3; beats++) {
    await clock.advance(20_000)
    await beat()
  }
  expect((await listed()).status).toBe('healthy')

  await clock.advance(59_000)
  expect((await listed()).status).toBe('healthy')
  await clock.advance(2000)
  const expired = await listed()
  expect(expired).toMatchObject({ status: 'expired', reason: 'no heartbeat within 60 s' })
  expect(expired.shown).toMatch(/Expired/)
  expect(expired.shown).toMatch(/No heartbeat within 60 s/)

  await clock.leap(3_600_000)
  expect((await listed()).status).toBe('expired')
  expect((await asPython(app, 'GET', '/agents')).json).toEqual([])
  expect((await asPython(app, 'GET', '/agents?include_dead=true')).json).toMatchObject([{ agent_id: 'writer' }])
})

test('an agent that expired is back by one beat', async () => {
  const { app, clock, listed, beat } = await watchingApp()
  await announce(app)
  await clock.advance(120_000)
  expect((await listed()).status).toBe('expired')
  expect((await beat()).status).toBe(200)
  expect(await listed()).toMatchObject({ status: 'healthy', shown: expect.not.stringMatching(/Expired/) })
  expect((await page(app, '/agents')).html.querySelector('#agents tr[data-state]')!.textContent).toMatch(/Healthy/)
})

test('an agent that expired is back when it registers again', async () => {
  const { app, clock, listed } = await watchingApp()
  await announce(app)
  await clock.advance(120_000)
  await announce(app)
  expect((await listed()).status).toBe('healthy')
})

test('who asks is told anew when an agent expires, and when it is back', async () => {
  const { app, clock, beat } = await watchingApp()
  await announce(app)
  const revisions = new Set([app.orchestrator.agentsRevision()])
  await clock.advance(61_000)
  revisions.add(app.orchestrator.agentsRevision())
  await beat()
  await settle()
  revisions.add(app.orchestrator.agentsRevision())
  expect(revisions.size).toBe(3)
})

test('an agent that registers itself under a name that cannot be seen is shown by its ID', async () => {
  const { app } = await watchingApp()
  await announce(app, { agent_id: 'writer', agent_name: '\u202e\u200b' })
  const { html } = await partial(app, '/orchestrator/health-check')
  expect(html.querySelector('#agent-writer .c-name a')!.text).toBe('writer')
})

test('agents that have expired are removed together, and only those', async () => {
  const { app, clock, beat } = await watchingApp()
  for (const id of ['writer', 'gone-1', 'gone-2', 'paused'])
    await announce(app, { agent_id: id, agent_name: `Agent ${id}` })
  await app.orchestrator.pause('paused', localActor)
  const path = '/orchestrator/remove-expired'
  const ids = async () =>
    (await api(app, 'GET', '/orchestrator')).json.agents.map((one: { agent_id: string }) => one.agent_id)
  const offer = async () =>
    (await partial(app, '/orchestrator/health-check')).html.querySelector(`a[href="${path}"]`)?.text
  expect(await offer()).toBeUndefined()
  expect((await partial(app, path)).text).toContain('No expired agents')

  await clock.advance(50_000)
  await beat()
  await clock.advance(15_000)
  expect(await offer()).toBe('Remove 2 expired')
  const question = await page(app, path)
  expect(question.html.querySelector('form')!.text).toContain('They come back only when they restart')
  expect(question.html.querySelectorAll('form li code').map(({ text }) => text)).toEqual(['gone-1', 'gone-2'])
  expect(question.html.querySelector('form')!.attributes).toMatchObject({
    action: path,
    method: 'post',
    'hx-post': path,
  })

  expect(question.html.querySelector('form [autofocus]')!.text).toBe('Cancel')
  // In the address it would mean nothing, and all of them would be removed.
  expectProblem(await api(app, 'POST', `${path}?agent_id=gone-1`), 422, ['agent_id'])
  expect(await ids()).toHaveLength(4)

  for (const body of [{ agent_ids: ['gone-1'] }, { agent_id: 7 }]) {
    expectProblem(await api(app, 'POST', path, body), 422, Object.keys(body))
  }
  expect(await ids()).toHaveLength(4)
  await submitPartial(app, path, { agent_id: 'gone-1' })
  expect(await ids()).toEqual(['gone-2', 'paused', 'writer'])
  await submitPartial(app, path, { agent_id: 'writer' })
  expect((await api(app, 'POST', path)).json).toEqual({ status: 'deregistered', agent_ids: ['gone-2'] })
  expect(await ids()).toEqual(['paused', 'writer'])
  expect((await api(app, 'POST', path)).json).toEqual({ status: 'deregistered', agent_ids: [] })
})

test.each([86_400_000, -86_400_000])(
  'a wall clock that is set by %i ms expires nobody, and keeps nobody alive',
  async (ms) => {
    const { app, clock, listed, beat } = await watchingApp()
    await announce(app, { ttl_seconds: 60 })
    await clock.advance(30_000)
    await beat()
    clock.jump(ms)
    await clock.advance(59_000)
    expect((await listed()).status).toBe('healthy')
    expect((await asPython(app, 'GET', '/agents/writer')).json).toMatchObject({ is_alive: true })
    await clock.advance(2000)
    expect((await listed()).status).toBe('expired')
    expect((await asPython(app, 'GET', '/agents/writer')).json).toMatchObject({ is_alive: false })
    await beat()
    await clock.advance(59_000)
    expect((await listed()).status).toBe('healthy')
  },
)
