import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { expect, test } from 'vitest'
import { isPostgres } from '../../src/config/database.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import { openDashboard } from '../support/dashboard.ts'
import { type Dashboard, printed, startDashboard } from '../support/process.ts'
import { statusesIn } from '../support/runs/stored.ts'
import { storeOf } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

const register = (dashboard: Dashboard, agentUrl: string) =>
  post(`${dashboard.url}/orchestrator/register`, { agent_id: 'writer', agent_name: 'Writer', agent_url: agentUrl })

async function execute(dashboard: Dashboard): Promise<string> {
  const answer = await post(`${dashboard.url}/orchestrator/writer/execute`, { inputs: { topic: 'SQLite' } })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { run_id: string }).run_id
}

/** Resolves when nobody is let in any more. */
async function stoppedListening({ url }: Dashboard): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connectSocket(Number(new URL(url).port), '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      }).on('error', () => resolve(false))
    })
  while (await isOpen());
}

function expectUsable(db: string) {
  if (isPostgres(db)) return
  expect(existsSync(`${db}-wal`), 'the write-ahead log was taken in').toBe(false)
  expectWhole(db)
}

function expectWhole(db: string) {
  if (!isPostgres(db)) expect(connect(db).pragma('integrity_check', { simple: true })).toBe('ok')
}

/** The next dashboard on a database; it takes up soon what another one left there. */
const openNext = ({ db }: Dashboard) => openDashboard({ db, env: { CONFIGURABLE_AGENTS_LEASE_SECONDS: '1' } })

const runAt = async ({ url }: { url: string }, runId: string) =>
  (await fetch(`${url}/runs/${runId}`, { headers: { accept: 'application/json' } })).json()

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: the request in flight is answered, the database is closed, exit 0',
  async (signal) => {
    let answerHealth = () => {}
    const agent = await startAgent()
    const { health } = agent.handlers
    agent.handlers.health = (...call) => {
      answerHealth = () => health(...call)
    }
    const dashboard = await startDashboard()
    const registered = register(dashboard, agent.url)
    await expect.poll(() => agent.requests.length).toBe(1)
    const ended = dashboard.stop(signal)
    await stoppedListening(dashboard)
    answerHealth()
    expect(await (await registered).json()).toMatchObject({ status: 'registered' })
    expect(await ended).toBe(0)
    expectUsable(dashboard.db)
    expect(await storeOf(await openNext(dashboard)).agents.all()).toMatchObject([{ id: 'writer' }])
    expect(dashboard.output()).not.toMatch(/error/i)
  },
)

test('connections that a browser opened and has not used yet do not keep it from ending', async () => {
  const dashboard = await startDashboard()
  const socket = connectSocket(Number(new URL(dashboard.url).port), '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  expect(await dashboard.stop()).toBe(0)
  await closed
  expectUsable(dashboard.db)
})

test('a run in flight may finish before the program ends', async () => {
  let finish = () => {}
  const agent = await startAgent()
  const { run } = agent.handlers
  agent.handlers.run = (...call) => {
    finish = () => run(...call)
  }
  const dashboard = await startDashboard()
  await register(dashboard, agent.url)
  await execute(dashboard)
  await expect.poll(() => agent.requests.some(({ url }) => url === '/run')).toBe(true)
  const ended = dashboard.stop()
  await stoppedListening(dashboard)
  finish()
  expect(await ended).toBe(0)
  expect(await statusesIn(dashboard.db)).toEqual(['completed'])
})

test('health checks that hang do not keep it from ending', async () => {
  const agent = await startAgent()
  const env = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.1', CONFIGURABLE_AGENTS_HEALTH_TIMEOUT_SECONDS: '60' }
  const dashboard = await startDashboard({ env })
  await register(dashboard, agent.url)
  agent.handlers.health = silence
  const seen = agent.requests.length
  await expect.poll(() => agent.requests.slice(seen).filter(({ url }) => url === '/health').length).toBe(1)
  expect(await dashboard.stop()).toBe(0)
  expect(dashboard.output()).not.toMatch(/error/i)
})

test('killed while a run is in flight, it marks the run when it starts again, and sends it to nobody twice', async () => {
  const agent = await startAgent({ run: silence })
  const killed = await startDashboard()
  await register(killed, agent.url)
  const runId = await execute(killed)
  await expect.poll(() => agent.requests.filter(({ url }) => url === '/run').length).toBe(1)
  await killed.stop('SIGKILL')

  const dashboard = await openNext(killed)
  await expect
    .poll(() => runAt(dashboard, runId))
    .toMatchObject({
      status: 'lost',
      error_message: expect.stringMatching(/^The dashboard stopped while the agent was working/),
    })
  expect(agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
})

test('killed while the agent works in the background, it goes on asking when it starts again', async () => {
  const agent = await startAgent({
    run: json({ status: 'async', job_id: 'job-1' }),
    status: json({ job_id: 'job-1', status: 'running' }),
  })
  const killed = await startDashboard()
  await register(killed, agent.url)
  const runId = await execute(killed)
  await expect.poll(() => runAt(killed, runId)).toMatchObject({ job_id: 'job-1' })
  await killed.stop('SIGKILL')

  agent.handlers.status = json({ job_id: 'job-1', status: 'completed', outputs: { result: 'Long' } })
  const dashboard = await openNext(killed)
  await expect
    .poll(() => runAt(dashboard, runId), { timeout: 10_000 })
    .toMatchObject({ status: 'completed', outputs: { result: 'Long' } })
  expect(agent.requests.filter(({ url }) => url === '/run')).toHaveLength(1)
})

test('stopped and started again, it knows its agents', async () => {
  const agent = await startAgent()
  const first = await startDashboard()
  await register(first, agent.url)
  expect(await first.stop()).toBe(0)
  const second = await openNext(first)
  const list = async () =>
    (await fetch(`${second.url}/orchestrator`, { headers: { accept: 'application/json' } })).json()
  await expect.poll(list).toMatchObject({ agents: [{ agent_id: 'writer', status: 'healthy' }] })
})

/** A dashboard with a run that its agent answers when `finish` is called. */
async function withRunInFlight() {
  let finish = () => {}
  const agent = await startAgent()
  const { run } = agent.handlers
  agent.handlers.run = (...call) => {
    finish = () => run(...call)
  }
  const dashboard = await startDashboard()
  await register(dashboard, agent.url)
  const runId = await execute(dashboard)
  await expect.poll(() => agent.requests.some(({ url }) => url === '/run')).toBe(true)
  return { dashboard, runId, finish: () => finish() }
}

test('it says which run it waits for, and Ctrl-C that npm passes on a second time does not cut that short', async () => {
  const { dashboard, finish } = await withRunInFlight()
  dashboard.child.kill('SIGINT')
  dashboard.child.kill('SIGINT')
  await printed(
    dashboard,
    /^Stopping: waiting for 1 run in flight on writer, for up to 10 seconds\. Press Ctrl-C again to stop at once\.$/m,
  )
  finish()
  expect(await dashboard.ended).toBe(0)
  expect(await statusesIn(dashboard.db)).toEqual(['completed'])
})

test('a second Ctrl-C stops at once, and the next start says what became of the run', async () => {
  const { dashboard, runId } = await withRunInFlight()
  dashboard.child.kill('SIGINT')
  await printed(dashboard, /Press Ctrl-C again/)
  await expect
    .poll(() => {
      dashboard.child.kill('SIGINT')
      return dashboard.child.exitCode
    })
    .toBe(1)
  expectWhole(dashboard.db)
  const next = await openNext(dashboard)
  await expect.poll(() => runAt(next, runId)).toMatchObject({ status: 'lost' })
})
