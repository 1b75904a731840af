import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { type Answer, api, expectProblem, page, partial, submit, submitPartial, type TestApp } from '../support/app.ts'
import { withAgent } from '../support/runs/executed.ts'
import { changeBeside } from '../support/store/beside.ts'
import { storeOf } from '../support/store/database.ts'
import { insertAgentAsPython } from '../support/store/python-database.ts'
import { writeAsPython } from '../support/store/python-rows.ts'
import { rawRows } from '../support/store/raw.ts'

const url = '/orchestrator/writer'
const path = `${url}/edit`
/** Of an agent that asks for nothing. */
const plainly = { saved_credential: null, ca: null, fingerprint: null, health_path: null }

const stored = (app: TestApp) => storeOf(app).agents.get('writer')
const values = ({ html }: Answer) =>
  Object.fromEntries(
    html
      .querySelectorAll('#edit :is(input, textarea)')
      .filter((field) => !field.closest('.access'))
      .map((field) => [
        field.getAttribute('name'),
        field.getAttribute('value') ?? field.textContent.replace(/^\n/, ''),
      ]),
  )
const errors = ({ html }: Answer) =>
  html.querySelectorAll('#edit [aria-invalid]').map((field) => {
    const described = field.getAttribute('aria-describedby')!
    return [field.getAttribute('name'), html.querySelector(`#${described}`)!.text]
  })

/** What a browser sends of the form when only these fields were changed. */
async function typed(app: TestApp, changed: Record<string, string>) {
  return { ...values(await page(app, path)), ...changed }
}

test('the form holds the agent as it is, and says how agents are checked that say nothing', async () => {
  const { app, agent } = await withAgent()
  await api(app, 'POST', path, { description: 'Writes "articles"', check_interval_seconds: 2.5 })
  const dialog = await partial(app, path)
  expect(dialog.status).toBe(200)
  expect(values(dialog)).toEqual({
    agent_name: 'Article Writer',
    agent_url: agent.url,
    description: 'Writes "articles"',
    check_interval_seconds: '2.5',
    check_timeout_seconds: '',
  })
  expect(dialog.html.querySelector('#edit')!.attributes).toMatchObject({
    action: path,
    method: 'post',
    'hx-post': path,
  })
  expect(dialog.html.querySelector('#edit-timeout')!.getAttribute('placeholder')).toBe('3')
  expect(dialog.text).toContain('Leave empty for the default: every 10 s, 3 s timeout.')
  const whole = await page(app, path)
  expect(whole.html.querySelector('title')!.text).toContain('Edit Article Writer')
  expect(values(whole)).toEqual(values(dialog))
  for (const label of whole.html.querySelectorAll('#edit label')) {
    expect(whole.html.querySelector(`#${label.getAttribute('for')}`), label.text).toBeTruthy()
  }
})

test('a browser without JavaScript saves, and is led back to the page, which keeps its range', async () => {
  const { app, agent } = await withAgent()
  const sent = await typed(app, {
    agent_name: ' New Writer ',
    description: 'Two\r\nlines',
    check_interval_seconds: '30',
    check_timeout_seconds: '1.5',
  })
  const answer = await submit(app, `${path}?range=7d`, sent)
  expect(answer).toMatchObject({ status: 303, headers: { location: `${url}?range=7d` } })
  const shown = await page(app, url)
  expect(shown.html.querySelector('h1')!.text).toBe('New Writer')
  expect(shown.text).toContain('Every 30 s, 1.5 s timeout set for this agent')
  expect((await api(app, 'GET', path)).json).toEqual({
    agent_id: 'writer',
    agent_name: 'New Writer',
    agent_url: agent.url,
    description: 'Two\nlines',
    check_interval_seconds: 30,
    check_timeout_seconds: 1.5,
    ...plainly,
  })
  await submit(app, path, await typed(app, { check_interval_seconds: '', check_timeout_seconds: ' ' }))
  expect((await page(app, url)).text).toContain('Every 10 s, 3 s timeout Last check')
})

test('htmx gets the region of the page it stands on, and a message', async () => {
  const { app } = await withAgent()
  const payload = new URLSearchParams(await typed(app, { agent_name: 'New Writer' })).toString()
  const save = (from: string) =>
    app.inject({
      method: 'POST',
      url: `${path}?range=30d`,
      payload,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'text/html',
        'hx-request': 'true',
        'hx-current-url': `http://localhost${from}`,
      },
    })
  for (const from of [`${url}?range=30d`, '/agents/writer']) {
    const answer = await save(from)
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'hx-reswap': 'none' } })
    expect(answer.payload).toContain('<hx-partial hx-target="#agent" hx-swap="outerMorph"><article id="agent"')
    expect(answer.payload).toContain(`hx-get="${url}?range=30d"`)
    expect(answer.payload).toContain('Saved New Writer.')
  }
  // The form's own page has no such region.
  for (const from of [path, '/orchestrator/%ZZ', '']) {
    expect((await save(from)).headers['hx-redirect']).toBe(`${url}?range=30d`)
  }
})

test('errors stand at their fields, all at once, and what was typed stays', async () => {
  const { app } = await withAgent()
  const wrong = {
    agent_name: '  ',
    agent_url: 'ftp://x',
    description: 'd'.repeat(3001),
    check_interval_seconds: 'often',
    check_timeout_seconds: '0',
  }
  for (const answer of [await submitPartial(app, path, wrong), await submit(app, path, wrong)]) {
    expect(answer.status).toBe(422)
    expect(values(answer)).toEqual(wrong)
    expect(errors(answer)).toEqual([
      ['agent_name', 'Agent name is required.'],
      ['agent_url', 'Only http:// and https:// URLs can be agents, not "ftp:".'],
      ['description', 'Description may have at most 3000 characters, and this has 3001.'],
      ['check_interval_seconds', 'Enter a number of seconds from 1 to 86400, or leave it empty for the default.'],
      ['check_timeout_seconds', 'Enter a number of seconds from 1 to 60, or leave it empty for the default.'],
    ])
    expect(answer.html.querySelectorAll('#edit [autofocus]').map((field) => field.id)).toEqual(['edit-name'])
    expect(answer.html.querySelector('#edit-anyway')).toBeNull()
  }
  expectProblem(await api(app, 'POST', path, wrong), 422, Object.keys(wrong))
  expectProblem(await api(app, 'POST', path, { description: 7, check_interval_seconds: true }), 422, [
    'description',
    'check_interval_seconds',
  ])
  expect(await stored(app)).toMatchObject({ name: 'Article Writer', checkIntervalSeconds: undefined })
})

test('a name that cannot be seen is refused at its field', async () => {
  const { app } = await withAgent()
  const answer = await submit(app, path, await typed(app, { agent_name: '\u200b' }))
  expect(errors(answer)).toEqual([['agent_name', 'This name has no visible characters. Use letters or digits.']])
})

test('a new URL that does not answer is refused at its field, and saved when that is wanted', async () => {
  const { app, agent } = await withAgent()
  const gone = await startAgent()
  await gone.close()
  const sent = await typed(app, { agent_url: gone.url, agent_name: 'Moved' })
  const refused = await submitPartial(app, path, sent)
  expect(refused.status).toBe(503)
  expect(values(refused)).toEqual(sent)
  expect(errors(refused)).toEqual([
    ['agent_url', `Cannot connect to agent at ${gone.url}: connection refused. Is it running?`],
  ])
  const anyway = refused.html.querySelector('#edit-anyway')!
  expect(anyway.attributes).toMatchObject({ type: 'submit', name: 'anyway', value: '1' })
  // Enter presses the first button of a form.
  expect(refused.html.querySelector('#edit button[type="submit"]')!.attributes).toMatchObject({ class: 'unseen' })
  expectProblem(await api(app, 'POST', path, { agent_url: gone.url }), 503, ['agent_url'])
  expect(await stored(app)).toMatchObject({ name: 'Article Writer', url: agent.url })

  expect((await submit(app, path, { ...sent, anyway: '1' })).status).toBe(303)
  expect(await stored(app)).toMatchObject({ name: 'Moved', url: gone.url, port: gone.port })
  expect((await page(app, url)).text).toContain('none since the dashboard started')
})

test('an agent that moved is checked at once at its new place, and asked for its schema there', async () => {
  const { app, agent } = await withAgent()
  const other = await startAgent({ schema: json({ workflow: 'other', inputs: { a: { type: 'str' } }, outputs: [] }) })
  await expect.poll(() => agent.requests.map((one) => one.url)).toEqual(['/health', '/schema'])
  expect((await api(app, 'POST', path, { agent_url: `${other.url}/` })).json).toMatchObject({ agent_url: other.url })
  await expect.poll(async () => (await api(app, 'GET', url)).json.schema?.workflow).toBe('other')
  const { json: found } = await api(app, 'GET', url)
  expect(found).toMatchObject({ status: 'healthy', last_check: { url: `${other.url}/health`, status: 200 } })
  expect(agent.requests).toHaveLength(2)
})

test('a URL that stays is not asked, so that a name can be changed while the agent is down', async () => {
  const { app, agent } = await withAgent()
  await agent.close()
  expect(await api(app, 'POST', path, { agent_name: 'Renamed' })).toMatchObject({
    status: 200,
    json: { agent_name: 'Renamed', agent_url: agent.url },
  })
})

test('a script changes only what it names', async () => {
  const { app, agent } = await withAgent()
  const all = { description: 'Writes', check_interval_seconds: 60, check_timeout_seconds: 2 }
  await api(app, 'POST', path, all)
  const renamed = await api(app, 'POST', path, { agent_name: 'Renamed' })
  expect(renamed.json).toEqual({ agent_id: 'writer', agent_url: agent.url, agent_name: 'Renamed', ...all, ...plainly })
  const usual = await api(app, 'POST', path, { check_interval_seconds: null, description: '' })
  expect(usual.json).toMatchObject({ check_interval_seconds: null, check_timeout_seconds: 2, description: '' })
})

test('what else stands in the metadata stays, and is not rewritten for nothing', async () => {
  const { app, agent } = await withAgent()
  const self = { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port }
  for (const [metadata, after] of [
    [null, '{"description":"New"}'],
    ['{"a": 1.0}', '{"a":1,"description":"Newer"}'],
    ['no JSON', '{"description":"Newest"}'],
  ] as const) {
    await api(app, 'POST', '/agents/register', { ...self, metadata })
    await api(app, 'POST', '/orchestrator/self/edit', { agent_name: 'Renamed' })
    expect((await api(app, 'GET', '/agents/self')).json).toMatchObject({ agent_name: 'Renamed', metadata })
    await api(app, 'POST', '/orchestrator/self/edit', { description: JSON.parse(after).description })
    expect((await api(app, 'GET', '/agents/self')).json.metadata).toBe(after)
  }
  await api(app, 'POST', '/agents/register', { ...self, metadata: JSON.stringify({ a: 'x'.repeat(3900) }) })
  expectProblem(await api(app, 'POST', '/orchestrator/self/edit', { description: 'y'.repeat(100) }), 422, [
    'description',
  ])
})

test('what a person calls an agent, and says of it, stays when that registers itself again', async () => {
  const { app } = await withAgent()
  const start = (more: object) =>
    api(app, 'POST', '/agents/register', {
      agent_id: 'self',
      agent_name: 'self-agent-7f',
      host: 'localhost',
      port: 8001,
      metadata: '{"description": "Its own"}',
      ...more,
    })
  const shown = async () => (await api(app, 'GET', '/orchestrator/self')).json
  await start({})
  await api(app, 'POST', '/orchestrator/self/edit', { description: 'Ours' })
  await start({ agent_name: 'self-agent-8a' })
  expect(await shown()).toMatchObject({ agent_name: 'self-agent-8a', description: 'Ours' })
  await api(app, 'POST', '/orchestrator/self/edit', { agent_name: 'Translator' })
  await start({ agent_name: 'self-agent-9b', port: 8002, metadata: '{"description": "Another"}' })
  expect(await shown()).toMatchObject({
    agent_name: 'Translator',
    description: 'Ours',
    agent_url: 'http://localhost:8002',
  })
  expect((await api(app, 'GET', '/agents/self')).json).toMatchObject({
    agent_name: 'Translator',
    metadata: '{"description": "Another"}',
  })
  expect(
    await rawRows(
      app,
      "SELECT agent_name AS name FROM agents WHERE agent_id = 'self'",
      "SELECT name FROM agents WHERE id = 'self'",
    ),
  ).toEqual([{ name: 'Translator' }])
  // The Python program writes its own columns.
  await changeBeside(
    app,
    "UPDATE agents SET agent_name = 'self-agent-9b' WHERE agent_id = 'self'",
    "UPDATE agents SET name = 'self-agent-9b' WHERE id = 'self'",
  )
  expect(await shown()).toMatchObject({ agent_name: 'Translator' })
  await api(app, 'POST', '/orchestrator/self/edit', { description: '' })
  await start({})
  expect(await shown()).toMatchObject({ description: '' })
  await api(app, 'DELETE', '/orchestrator/self')
  await start({})
  expect(await shown()).toMatchObject({ agent_name: 'self-agent-7f', description: 'Its own' })
})

test('who registers an agent by hand says how it is called', async () => {
  const { app, agent } = await withAgent()
  const self = { agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port }
  await api(app, 'POST', '/agents/register', self)
  await api(app, 'POST', '/orchestrator/self/edit', { agent_name: 'Translator', description: 'Ours' })
  await api(app, 'POST', '/orchestrator/register', {
    agent_id: 'self',
    agent_name: 'Interpreter',
    agent_url: agent.url,
  })
  expect((await api(app, 'GET', '/orchestrator/self')).json).toMatchObject({
    agent_name: 'Interpreter',
    description: '',
  })
})

test('an agent of the Python program stays one that registered itself', async () => {
  const { app, agent } = await withAgent()
  const other = await startAgent()
  await writeAsPython(app.db, (file) => {
    insertAgentAsPython(file, { id: 'python', port: agent.port, metadata: null, at: '2026-11-22 16:00:00' })
    file.exec("UPDATE agents SET host = '127.0.0.1', last_heartbeat = '2026-11-22 16:14:00' WHERE agent_id = 'python'")
  })
  const registeredBy = async () => (await api(app, 'GET', '/orchestrator/python')).json.registered_by
  expect(await registeredBy()).toBe('self')
  for (const change of [{ agent_name: 'Renamed' }, { agent_url: other.url }]) {
    expect((await api(app, 'POST', '/orchestrator/python/edit', change)).json).toMatchObject(change)
    expect(await registeredBy()).toBe('self')
  }
})

test('the new times between checks, and to answer, count from then on', async () => {
  const { app, clock, agent } = await withAgent()
  app.orchestrator.start()
  await expect.poll(() => agent.requests.filter((one) => one.url === '/schema').length).toBe(1)
  const checks = () => agent.requests.filter((one) => one.url === '/health').length
  await api(app, 'POST', path, { check_interval_seconds: 60 })
  await clock.advance(1)
  await expect.poll(checks).toBe(2)
  const { json: found } = await api(app, 'GET', url)
  expect(found).toMatchObject({ check_interval_seconds: 60, check_timeout_seconds: 3 })
  await clock.advance(59_000)
  expect(checks()).toBe(2)
  await clock.advance(1000)
  await expect.poll(checks).toBe(3)
})

test('an agent that is not there cannot be edited', async () => {
  const { app } = await withAgent()
  expectProblem(await api(app, 'POST', '/orchestrator/nobody/edit', { agent_name: 'x' }), 404)
  expect((await submit(app, '/orchestrator/nobody/edit', { agent_name: 'x' })).status).toBe(404)
  expect(await submitPartial(app, '/orchestrator/nobody/edit', { agent_name: 'x' })).toMatchObject({
    status: 404,
    headers: { 'hx-reswap': 'none' },
  })
})
