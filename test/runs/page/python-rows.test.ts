import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, page, register } from '../../support/app.ts'
import { createPythonDatabase, pythonRuns } from '../../support/store/python-database.ts'
import { connect } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

async function openPythonDatabase() {
  const db = temporaryFile()
  createPythonDatabase(db)
  return buildTestApp({ db })
}

/** Lists know older rows when these have been read, in the background. */
async function openAndReadHistory() {
  const app = await openPythonDatabase()
  app.orchestrator.start()
  await expect.poll(async () => (await app.orchestrator.historyState()).reading).toBeUndefined()
  return app
}

test('every run of the Python program stands in the history, newest first', async () => {
  const app = await openAndReadHistory()
  const { html, status } = await page(app, '/runs')
  expect(status).toBe(200)
  const ids = html.querySelectorAll('tr.run').map((row) => row.id.slice('run-'.length))
  expect(new Set(ids)).toEqual(new Set(pythonRuns.map(({ id }) => id)))
  expect((await api(app, 'GET', '/runs')).json.runs).toHaveLength(pythonRuns.length)
})

test.each(pythonRuns.map(({ id }) => id))('the run "%s" of the Python program has a page', async (id) => {
  const app = await openPythonDatabase()
  const { inputs, outputs } = pythonRuns.find((run) => run.id === id)!
  const { html, status } = await page(app, `/runs/${id}`)
  expect(status).toBe(200)
  expect(html.querySelector('.facts')!.text).toContain('1,234')
  expect((await api(app, 'GET', `/runs/${id}`)).status).toBe(200)
  expect((await app.inject(`/runs/${id}/inputs`)).payload).toBe(inputs ?? '')
  expect((await app.inject(`/runs/${id}/outputs`)).payload).toBe(outputs ?? '')
})

test('what Python wrote as a repr is shown as it is', async () => {
  const app = await openPythonDatabase()
  const { html } = await page(app, '/runs/repr?tab=json')
  expect(html.querySelector('#inputs-text')!.text).toBe(`{'topic': "AI's", 'x': None}`)
  expect(html.querySelector('#outputs-text')!.text).toBe('None')
  const nan = await page(app, '/runs/nan?tab=json')
  expect(nan.html.querySelector('#outputs-text')!.text).toBe('{\n  "score": NaN,\n  "word": "NaN"\n}')
})

test('times are read, however Python wrote them', async () => {
  const app = await openPythonDatabase()
  const startOf = async (id: string) => (await api(app, 'GET', `/runs/${id}`)).json.started_at
  expect(await startOf('repr')).toBe('2026-11-20T09:00:00.000Z')
  expect(await startOf('nan')).toBe('2026-11-20T10:00:00.123Z')
  expect(await startOf('millis')).toBe('2026-11-20T11:00:00.123Z')
  expect(await startOf('running')).toBe('2026-11-20T13:00:00.000Z')
})

test('a run that Python recorded under the id of an agent is that agent’s', async () => {
  const app = await openAndReadHistory()
  const { json } = await api(app, 'GET', '/runs?agent=writer')
  expect(json.runs.map(({ run_id }: { run_id: string }) => run_id)).toEqual(['agent-running', 'agent'])
  const { html } = await page(app, '/runs/agent')
  expect(html.querySelector('h1')!.text).toBe('writer on WRITER')
  const local = await api(app, 'GET', '/runs?agent=%2Flocal')
  expect(local.json.total).toBe(4)
})

test('agents that Python registered are in the list, at their host and port', async () => {
  const app = await openPythonDatabase()
  const { html } = await page(app, '/orchestrator')
  expect(html.querySelectorAll('#agents .c-url').map((url) => url.getAttribute('title'))).toEqual([
    'http://localhost:8002',
    'http://localhost:8001',
  ])
  expect(html.querySelectorAll('#agents .state').map((state) => state.text.trim())).toEqual(['Checking', 'Checking'])
})

test('an agent of Python can be registered anew, executed and removed, and Python’s other rows stay', async () => {
  const app = await openPythonDatabase()
  const agent = await startAgent()
  await register(app, agent.url, 'writer')
  const run = await ended(app, await execute(app, 'writer'))
  expect(run.status).toBe('completed')
  await api(app, 'DELETE', '/orchestrator/writer')
  const sqlite = connect(app.db)
  expect(sqlite.prepare('SELECT agent_id FROM agents').pluck().all()).toEqual(['reviewer'])
  expect(sqlite.prepare('SELECT count(*) FROM workflow_runs').pluck().get()).toBe(pythonRuns.length + 1)
  expect(sqlite.prepare('SELECT count(*) FROM execution_states').pluck().get()).toBe(1)
})

test('values of a type that no column should hold are shown as unknown', async () => {
  const app = await openPythonDatabase()
  connect(app.db).exec(`
    UPDATE workflow_runs SET duration_seconds = 'long', total_tokens = 'many', total_cost_usd = 'a lot',
      started_at = 'yesterday', completed_at = '', status = '', error_message = x'00ff', inputs = x'7b7d', outputs = 12
    WHERE id = 'repr'`)
  for (const path of ['/runs', '/runs/repr', '/', '/runs/repr/inputs']) {
    expect((await page(app, path)).status, path).toBe(200)
    expect((await app.inject({ url: path, headers: { accept: 'application/json' } })).statusCode, path).toBe(200)
  }
})

test('the configuration that Python kept with a run is shown, without its credentials', async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  const snapshot = {
    flow: { name: 'report' },
    llm: { api_key: 'sk-live-1', OPENAI_API_KEY: 'sk-live-2', max_tokens: 500, clientSecret: 'sk-live-3' },
    tools: [{ headers: { 'X-Api-Key': 'sk-live-4' }, api_keys: ['sk-live-5'], password: 123456789 }],
    memory: { url: 'redis://me:sk-live-6@cache/0?token=sk-live-7', credentials: { user: 'me', pin: 'sk-live-8' } },
    nodes: [{ id: 'write', prompt: 'Write on {topic}', is_secret: false, token: null }],
  }
  const set = connect(db).prepare('UPDATE workflow_runs SET config_snapshot = ? WHERE id = ?')
  set.run(JSON.stringify(snapshot), 'nan')
  set.run(`{'flow': 'a repr'}`, 'repr')
  const app = await buildTestApp({ db })
  const { html, text } = await page(app, '/runs/nan?tab=json')
  const card = html.querySelector('[aria-labelledby="config-title"]')!
  expect(card.querySelector('.tree')!.text).toContain('prompt: "Write on {topic}"')
  expect(card.querySelector('.tree')!.text).toContain('max_tokens: 500')
  expect((await app.inject('/runs/nan/config')).json()).toEqual({
    ...snapshot,
    llm: { api_key: '••••', OPENAI_API_KEY: '••••', max_tokens: 500, clientSecret: '••••' },
    tools: [{ headers: { 'X-Api-Key': '••••' }, api_keys: '••••', password: '••••' }],
    memory: { url: 'redis://••••@cache/0?token=••••', credentials: '••••' },
  })
  expect(text).not.toContain('sk-live')
  for (const id of ['repr', 'agent']) {
    expect((await page(app, `/runs/${id}?tab=json`)).html.querySelector('[aria-labelledby="config-title"]')).toBeNull()
  }
})
