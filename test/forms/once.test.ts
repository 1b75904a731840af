import { describe, expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { buildTestApp, ended, register, type TestApp } from '../support/app.ts'
import { openForm, runIdOf, sendForm, typed } from '../support/forms/execute-form.ts'

const url = '/orchestrator/writer/execute'

async function withAgent() {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const runs = () => agent.requests.filter((one) => one.url === '/run').length
  return { app, agent, runs }
}

async function post(app: TestApp, inputs: unknown, headers: Record<string, string>) {
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { accept: 'application/json', ...headers },
    payload: { inputs },
  })
  return { status: answer.statusCode, headers: answer.headers, json: answer.json() }
}

describe('a form', () => {
  test('that is sent twice is one run, also at the same time', async () => {
    const { app, runs } = await withAgent()
    const form = await openForm(app)
    const filled = typed(form.entries, { 'v:/topic': 'a' })
    const answers = await Promise.all([sendForm(app, filled), sendForm(app, filled), sendForm(app, filled)])
    const later = await sendForm(app, filled)
    expect(new Set([...answers, later].map(runIdOf)).size).toBe(1)
    await ended(app, runIdOf(later))
    expect(runs()).toBe(1)
  })

  test('that was changed and sent again is another run', async () => {
    const { app } = await withAgent()
    const form = await openForm(app)
    const first = await sendForm(app, typed(form.entries, { 'v:/topic': 'a' }))
    const second = await sendForm(app, typed(form.entries, { 'v:/topic': 'b' }))
    expect(runIdOf(first)).not.toBe(runIdOf(second))
  })

  test('that is opened again is another run', async () => {
    const { app } = await withAgent()
    const once = async () => runIdOf(await sendForm(app, typed((await openForm(app)).entries, { 'v:/topic': 'a' })))
    expect(await once()).not.toBe(await once())
  })
})

describe('an Idempotency-Key', () => {
  test('makes one run of many requests, also at the same time', async () => {
    const { app, runs } = await withAgent()
    const once = () => post(app, { topic: 'a' }, { 'idempotency-key': 'key 1' })
    const answers = await Promise.all([once(), once(), once()])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map((answer) => answer.json.run_id)).size).toBe(1)
    await ended(app, answers[0]!.json.run_id)
    expect((await once()).json).toEqual(answers[0]!.json)
    expect(runs()).toBe(1)
  })

  test('that was used with other inputs is refused', async () => {
    const { app, runs } = await withAgent()
    const first = await post(app, { topic: 'a' }, { 'idempotency-key': 'k' })
    await ended(app, first.json.run_id)
    const second = await post(app, { topic: 'b' }, { 'idempotency-key': 'k' })
    expect(second.status).toBe(422)
    expect(second.json).toMatchObject({ status: 422, detail: expect.stringContaining('other inputs') })
    expect(runs()).toBe(1)
  })

  test('that has no end is refused', async () => {
    const { app } = await withAgent()
    const answer = await post(app, { topic: 'a' }, { 'idempotency-key': 'k'.repeat(256) })
    expect(answer).toMatchObject({ status: 422, json: { errors: [{ field: 'Idempotency-Key' }] } })
  })

  test('that is blank counts as none', async () => {
    const { app } = await withAgent()
    const once = async () => (await post(app, { topic: 'a' }, { 'idempotency-key': '' })).json.run_id
    expect(await once()).not.toBe(await once())
  })
})

describe('Prefer: wait', () => {
  test('answers with the run when it has ended', async () => {
    const { app } = await withAgent()
    const answer = await post(app, { topic: 'a' }, { prefer: 'respond-async, wait=20' })
    expect(answer.headers['preference-applied']).toBe('wait=20')
    expect(answer.json).toMatchObject({
      run_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      redirect_url: `/runs/${answer.json.run_id}`,
      status: 'completed',
      inputs: { topic: 'a' },
      outputs: { result: 'An article' },
    })
  })

  test('says how a run ended that failed', async () => {
    const { app, agent } = await withAgent()
    agent.handlers.run = json({ detail: [{ loc: ['body', 'topic'], msg: 'No' }] }, 422)
    const { json: answer } = await post(app, { topic: 'a' }, { prefer: 'wait="5"' })
    expect(answer).toMatchObject({ status: 'failed', errors: [{ field: 'topic', message: 'No' }] })
  })

  test('gives up waiting in time, and says what is known by then', async () => {
    const { app, agent } = await withAgent()
    agent.handlers.run = () => undefined
    const answer = await post(app, { topic: 'a' }, { prefer: 'wait=1' })
    expect(answer.json).toEqual({
      run_id: answer.json.run_id,
      redirect_url: `/runs/${answer.json.run_id}`,
      status: 'running',
    })
    await agent.close()
  })

  test.each([
    ['wait=999999', 'wait=300'],
    ['WAIT = 2', 'wait=2'],
    ['handling=strict, wait="3"', 'wait=3'],
  ])('understands %s', async (prefer, applied) => {
    const { app } = await withAgent()
    expect((await post(app, { topic: 'a' }, { prefer })).headers['preference-applied']).toBe(applied)
  })

  test.each(['wait', 'wait=', 'wait=-1', 'wait=soon', 'waiting=3', 'handling=strict; wait=3'])(
    'ignores %s',
    async (prefer) => {
      const { app } = await withAgent()
      const answer = await post(app, { topic: 'a' }, { prefer })
      expect(answer.headers['preference-applied']).toBeUndefined()
      expect(Object.keys(answer.json)).toEqual(['run_id', 'redirect_url'])
    },
  )
})
