import { expect, test } from 'vitest'
import { ask, buildAppWithUsers, cookieFor } from '../support/access/people.ts'
import { type AgentHandlers, json } from '../support/agents/agent.ts'
import { startGuardedAgent } from '../support/agents/guarded.ts'
import { api, buildTestApp, ended, execute, page, partial, submitPartial } from '../support/app.ts'

const token = 'tok-3f9c-8d21'
const edit = '/orchestrator/writer/edit'
const form = `${edit}?at=credential`
const links = (html: { querySelectorAll: (query: string) => unknown[] }) => html.querySelectorAll(`a[href="${form}"]`)

/** Its health is open to anyone where `isOpen`. */
async function withGuarded({ isOpen = false, ...handlers }: Partial<AgentHandlers> & { isOpen?: boolean } = {}) {
  const agent = await startGuardedAgent(({ authorization }) => authorization === `Bearer ${token}`, handlers)
  if (isOpen) agent.handlers.health = json({ status: 'healthy' })
  return agent
}

const registration = (agentUrl: string, more: object = {}) => ({
  agent_id: 'writer',
  agent_name: 'Writer',
  agent_url: agentUrl,
  ...more,
})

test('an agent that asks for a credential leads to where it is entered, wherever that is said', async () => {
  const app = await buildTestApp()
  const agent = await withGuarded()
  await api(app, 'POST', '/orchestrator/register', registration(agent.url, { anyway: true }))
  await api(app, 'POST', '/orchestrator/writer/check')
  const row = (await page(app, '/orchestrator')).html.querySelector('#agent-writer')!
  expect(row.querySelector('.c-status a')!.attributes).toMatchObject({
    href: form,
    title: 'Needs a credential (HTTP 401: Not authenticated)',
  })
  expect(row.querySelector('.c-status a')!.text).toBe('Needs a credential')
  const shown = await page(app, '/orchestrator/writer')
  expect(shown.html.querySelector('#agent-trouble a')!.getAttribute('href')).toBe(form)
  const run = await ended(app, await execute(app, 'writer'))
  expect(run).toMatchObject({ status: 'failed', credential_url: form })
  expect(links((await page(app, `/runs/${run.run_id}`)).html)).toHaveLength(1)
  const failed = await partial(app, '/orchestrator/writer/execute')
  expect(failed.status).toBe(503)
  expect(links(failed.html)).toHaveLength(1)
  const problem = await api(app, 'GET', '/orchestrator/writer/schema')
  expect(problem).toMatchObject({ status: 503, json: { credential_url: form } })
  expect((await api(app, 'GET', '/orchestrator/writer')).json).toMatchObject({ credential_url: form })
  expect((await api(app, 'POST', '/orchestrator/test', { agent_url: agent.url })).json).toMatchObject({
    ok: false,
    needs_credential: true,
    certificate: null,
  })
  await api(app, 'POST', edit, { credential: { type: 'bearer', token } })
  expect((await api(app, 'GET', '/orchestrator/writer')).json).toMatchObject({ credential_url: null })
})

test('the link opens the form at the field of the saved type, else at the token', async () => {
  const app = await buildTestApp()
  const agent = await withGuarded()
  await api(app, 'POST', '/orchestrator/register', registration(agent.url, { anyway: true }))
  const opened = async () => {
    const { html } = await partial(app, form)
    return [
      html.querySelector('details.access')!.hasAttribute('open'),
      html.querySelector('[name=credential_type][checked]')!.getAttribute('value'),
      ...html.querySelectorAll('[autofocus]').map((field) => field.getAttribute('name')),
    ]
  }
  expect(await opened()).toEqual([true, 'bearer', 'credential_token'])
  const basic = { type: 'basic', username: 'anna', password: 'hunter2' }
  await api(app, 'POST', edit, { credential: basic, anyway: true })
  expect(await opened()).toEqual([true, 'basic', 'credential_username'])
})

test('who may not enter it is told to ask an admin', async () => {
  const app = await buildAppWithUsers({ ann: 'admin', bob: 'operator' })
  const agent = await withGuarded()
  const [ann, bob] = [await cookieFor(app, 'ann'), await cookieFor(app, 'bob')]
  const post = (cookie: string, url: string, body: object) =>
    ask(app, cookie, url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://localhost' },
      payload: JSON.stringify(body),
    })
  await post(ann, '/orchestrator/register', registration(agent.url, { anyway: true }))
  await post(bob, '/orchestrator/writer/check', {})
  const { run_id: id } = (await post(bob, '/orchestrator/writer/execute', { inputs: {} })).json()
  await post(bob, '/orchestrator/writer/check', {})
  for (const [url, words] of [
    ['/orchestrator', 'Needs a credential: ask an admin'],
    ['/orchestrator/writer', 'Ask an admin to enter its credential.'],
    ['/orchestrator/writer/execute', 'Ask an admin to enter its credential.'],
    [`/runs/${id}`, 'Ask an admin to enter its credential.'],
  ]) {
    await expect
      .poll(async () => (await ask(app, bob, url!, { headers: { accept: 'text/html' } })).payload.replace(/\s+/g, ' '))
      .toContain(words)
    const { payload } = await ask(app, bob, url!, { headers: { accept: 'text/html' } })
    expect(payload).not.toContain(form)
  }
})

test('a wrong credential is not saved as if it worked, though the health of the agent is open to anyone', async () => {
  const app = await buildTestApp()
  const agent = await withGuarded({ isOpen: true })
  const wrong = { type: 'bearer', token: 'tok-wrong-one' }
  const refused = await api(app, 'POST', '/orchestrator/register', registration(agent.url, { credential: wrong }))
  expect(refused).toMatchObject({
    status: 503,
    json: { detail: expect.stringContaining('refuses the credential') },
  })
  await api(app, 'POST', '/orchestrator/register', registration(agent.url, { credential: { type: 'bearer', token } }))
  expect((await api(app, 'POST', edit, { credential: wrong })).status).toBe(503)
  expect((await api(app, 'GET', '/orchestrator/writer/schema')).status).toBe(200)
  const anyway = await api(app, 'POST', edit, { credential: wrong, anyway: true })
  expect(anyway.json.check).toEqual({ ok: false, message: expect.stringContaining('refuses the credential') })
  const typed = { credential_type: 'bearer', credential_token: wrong.token, anyway: '1' }
  const told = await app.inject({
    method: 'POST',
    url: edit,
    payload: new URLSearchParams(typed).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
      'hx-request': 'true',
      'hx-current-url': 'http://localhost/orchestrator/writer',
    },
  })
  expect(told.payload).toMatch(
    /class="toast waiting">Saved Writer, but it does not work yet\. The agent at \S+: it refuses/,
  )
  const right = await api(app, 'POST', edit, { credential: { type: 'bearer', token } })
  expect(right.json.check).toEqual({ ok: true, message: 'Checked: healthy.' })
})

test('the form for changes tests what is typed before it is saved', async () => {
  const app = await buildTestApp()
  const agent = await withGuarded()
  await api(app, 'POST', '/orchestrator/register', registration(agent.url, { anyway: true }))
  const tested = (typed: object) =>
    submitPartial(app, `${edit}/test`, {
      agent_name: 'New name',
      agent_url: agent.url,
      credential_type: 'none',
      ...typed,
    })
  const locked = await tested({})
  expect(locked.status).toBe(200)
  expect(locked.html.querySelector('#edit #edit-report')!.text).toContain('needs a credential')
  expect(locked.html.querySelector('[autofocus]')!.getAttribute('name')).toBe('credential_token')
  const passed = await tested({ credential_type: 'bearer', credential_token: token })
  expect(passed.html.querySelector('h3 + p')!.text).toContain('All passed')
  expect(passed.html.querySelector('#edit-name')!.getAttribute('value')).toBe('New name')
  expect((await api(app, 'GET', edit)).json).toMatchObject({ agent_name: 'Writer', saved_credential: null })
  await api(app, 'POST', edit, { credential: { type: 'bearer', token } })
  expect((await tested({ credential_type: 'keep' })).text).toContain('All passed')
  expect((await tested({})).text).toContain('needs a credential')
})
