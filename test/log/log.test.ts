import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Overrides } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { json, silence, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, expectProblem, page, register, submit } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { openGivenStore } from '../support/store/database.ts'
import { isOnPostgres } from '../support/store/which.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into lines of every shape
type Line = Record<string, any>
const levels: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

/** The app and all that it logs, `level` by its name. */
async function logged(level: string, config: Partial<Config> = {}, overrides: Overrides = {}) {
  const lines: Line[] = []
  const texts: string[] = []
  const write = (text: string) => {
    texts.push(text)
    const { time: _, pid: __, hostname: ___, level: number, ...line } = JSON.parse(text)
    lines.push({ level: levels[number], ...line })
  }
  const app = await buildTestApp(config, { ...overrides, logger: pino({ level }, { write }) })
  return { app, lines, texts, of: (msg: string) => lines.filter((line) => line.msg === msg) }
}

test('a request is one line at debug, with the names of its parameters and not their values', async () => {
  let passedMs = 0
  const { app, lines } = await logged(
    'debug',
    {},
    { clock: { ...createTestClock(), elapsed: () => (passedMs += 5.01) } },
  )
  await api(app, 'GET', '/runs?q=hunter2&agent=writer&agent=other')
  await api(app, 'GET', '/no-such-page')
  expect(lines).toEqual([
    {
      level: 'debug',
      requestId: expect.any(String),
      method: 'GET',
      url: '/runs?q&agent',
      status: 200,
      durationMs: expect.any(Number),
      msg: 'Request',
    },
    expect.objectContaining({ level: 'debug', url: '/no-such-page', status: 404 }),
  ])
  expect(Number(lines[0]!.durationMs)).toBeGreaterThanOrEqual(5)
})

test.each(['debug', 'error'])(
  'an unexpected error is one line with its cause, whatever the level (%s)',
  async (level) => {
    let isBroken = false
    const { app, lines } = await logged(
      level,
      {},
      {
        newId() {
          if (isBroken) throw new Error('no more ids')
          return `id-${Math.random()}`
        },
      },
    )
    const agent = await startAgent()
    await register(app, agent.url)
    isBroken = true
    const answer = await api(app, 'POST', '/orchestrator/writer/execute', { inputs: { topic: 'hunter2' } })
    expectProblem(answer, 500)
    const failed = lines.filter((line) => line.level === 'error')
    expect(failed).toMatchObject([
      {
        requestId: answer.json.requestId,
        method: 'POST',
        url: '/orchestrator/writer/execute',
        status: 500,
        agentId: 'writer',
        err: { type: 'Error', message: 'no more ids', stack: expect.stringContaining('log.test.ts') },
      },
    ])
    expect(lines.filter(({ requestId }) => requestId === answer.json.requestId)).toEqual(failed)

    const shown = await submit(app, '/orchestrator/writer/execute', { 'in.topic': 'hunter2' })
    expect(shown.status).toBe(500)
    expect(shown.text).toContain(`Request ID ${lines.at(-1)!.requestId}`)
    expect((await page(app, '/no-such-page')).text).not.toContain('Request ID')
  },
)

test('an agent that cannot be reached is a warning without a stack', async () => {
  const { app, lines } = await logged('warn')
  const agent = await startAgent()
  await register(app, agent.url)
  await agent.close()
  const answer = await api(app, 'GET', '/orchestrator/writer/schema')
  expectProblem(answer, 503)
  const { requestId, detail } = answer.json
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', requestId, agentId: 'writer', code: 'agent-unavailable', msg: detail }),
  ])
  expect(lines[0]).not.toHaveProperty('err')
})

test('work in the background that fails is a line that names the task', async () => {
  const broken = () => Promise.reject(new Error('broken'))
  const { app, lines } = await logged(
    'warn',
    {},
    {
      clock: createTestClock(),
      openStore: async (...given) => ({ ...(await openGivenStore(...given)), checkpointed: broken }),
    },
  )
  app.orchestrator.start()
  await expect
    .poll(() => lines.map(({ task }) => task).sort())
    .toEqual(['bulk action', 'history index', 'housekeeping'])
  expect(lines[0]).toMatchObject({ level: 'error', err: { type: 'Error', message: 'broken' } })
})

test('an agent that goes down and comes back is told at info', async () => {
  const { app, of } = await logged('info', { healthIntervalSeconds: 0.02, healthTimeoutSeconds: 1 })
  const agent = await startAgent()
  await register(app, agent.url)
  expect(of('Agent registered')).toMatchObject([{ level: 'info', agentId: 'writer', isUpdate: false }])
  app.orchestrator.start()
  await agent.close()
  await expect.poll(() => of('Agent down')).toHaveLength(1)
  expect(of('Agent down')).toMatchObject([{ level: 'info', agentId: 'writer', reason: 'connection refused' }])
  await startAgent({}, agent.port)
  await expect.poll(() => of('Agent up')).toMatchObject([{ level: 'info', agentId: 'writer', state: 'healthy' }])
  await api(app, 'DELETE', '/orchestrator/writer')
  expect(of('Agent removed')).toMatchObject([{ agentId: 'writer' }])
})

test('runs and bulk actions that end are told at info', async () => {
  const { app, of } = await logged('info')
  const agent = await startAgent()
  await register(app, agent.url)
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  expect(of('Run ended')).toEqual([
    {
      level: 'info',
      runId,
      agentId: 'writer',
      status: 'completed',
      durationSeconds: expect.any(Number),
      totalTokens: null,
      totalCostUsd: null,
      msg: 'Run ended',
    },
  ])
  const { json: begun } = await api(app, 'POST', '/runs/bulk', { action: 'delete', run_ids: [runId], confirm: true })
  await expect
    .poll(() => of('Bulk action ended'))
    .toMatchObject([{ bulkId: begun.bulk_id, action: 'delete', state: 'done', done: 1, leftOut: 0, failed: 0 }])
})

test('no level shows inputs, outputs or secrets', async () => {
  const { app, texts } = await logged('trace')
  const secret = 'hunter2-secret'
  const agent = await startAgent({
    schema: json({
      workflow: 'w',
      inputs: { topic: { type: 'str', required: true, format: 'password' } },
      outputs: [],
    }),
    run: json({ detail: `The topic ${secret} is not valid` }, 500),
    health: json({ status: 'healthy', note: secret }),
  })
  await register(app, agent.url)
  await ended(app, await execute(app, 'writer', { topic: secret }))
  await agent.close()
  await api(app, 'POST', '/orchestrator/writer/execute', { inputs: { other: secret } })
  await page(app, `/orchestrator/writer/execute?in.topic=${secret}`)
  await page(app, `/runs?q=${secret}`)
  expect(texts.length).toBeGreaterThan(5)
  expect(texts.filter((text) => text.includes(secret))).toEqual([])
})

test('whatever somebody changes says who asked for it, a bulk action for all of its runs', async () => {
  const { app, lines } = await logged('debug', { runsPerAgent: 1 })
  const agent = await startAgent({ run: silence })
  const post = (url: string, body?: unknown) => api(app, 'POST', url, body)
  await register(app, agent.url)
  await post('/agents/register', { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port })
  await post('/orchestrator/writer/edit', { agent_name: 'Writer' })
  await post('/orchestrator/writer/check')
  await post('/orchestrator/check')
  await post('/orchestrator/writer/pause')
  await post('/orchestrator/writer/resume')
  const runs = [await execute(app, 'writer'), await execute(app, 'writer')]
  await post(`/runs/${runs[0]}/cancel`)
  const { json: rerun } = await post(`/runs/${runs[0]}/rerun`)
  app.orchestrator.start()
  await post('/runs/bulk', { action: 'cancel', run_ids: [runs[1], rerun.run_id], confirm: true })
  await expect.poll(() => lines.filter(({ msg }) => msg === 'Bulk action ended')).toHaveLength(1)
  await post('/system/backup')
  await api(app, 'DELETE', '/orchestrator/writer')
  const asked = lines.filter(({ by }) => by !== undefined).map(({ msg, by }) => `${msg}: ${by.id}`)
  expect(asked).toEqual([
    'Agent registered: local',
    'Agent registered: local',
    'Agent changed: local',
    'Check requested: local',
    'Check requested: local',
    'Agent changed: local',
    'Agent changed: local',
    'Run accepted: local',
    'Run accepted: local',
    'Run cancelled: local',
    'Run accepted: local',
    'Bulk action begun: local',
    'Run cancelled: local',
    'Run cancelled: local',
    'Bulk action ended: local',
    ...(isOnPostgres ? [] : ['Backup begun: local']),
    'Agent removed: local',
  ])
})

test('a bulk action that is asked for again under its key has begun once', async () => {
  const { app, of } = await logged('info')
  const ask = () =>
    app.inject({
      method: 'POST',
      url: '/runs/bulk',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': 'k' },
      payload: JSON.stringify({ action: 'delete', run_ids: ['a'], confirm: true }),
    })
  const [one, two] = await Promise.all([ask(), ask()])
  expect([one.statusCode, two.json().bulk_id]).toEqual([202, one.json().bulk_id])
  expect(of('Bulk action begun')).toMatchObject([{ bulkId: one.json().bulk_id }])
})
