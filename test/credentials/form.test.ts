import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { startGuardedAgent } from '../support/agents/guarded.ts'
import { type Answer, api, buildTestApp, page, partial, submit, submitPartial } from '../support/app.ts'
import { signed } from '../support/network/certificates.ts'
import { startTlsServer } from '../support/network/tls-server.ts'

const token = 'tok-3f9c-8d21'
const isKnown = ({ authorization }: { authorization?: string | undefined }) => authorization === `Bearer ${token}`
const edit = '/orchestrator/writer/edit'
const typed = (agentUrl: string, more: object = {}) => ({
  agent_id: 'writer',
  agent_name: 'Writer',
  agent_url: agentUrl,
  description: '',
  credential_type: 'none',
  credential_token: '',
  credential_username: '',
  credential_password: '',
  credential_headers: '',
  ca: '',
  fingerprint: '',
  health_path: '',
  ...more,
})
const bearer = { credential_type: 'bearer', credential_token: token }
const chosen = ({ html }: Answer) =>
  html.querySelectorAll('[name=credential_type][checked]').map((one) => one.getAttribute('value'))
const isOpen = ({ html }: Answer) => html.querySelector('details.access')!.hasAttribute('open')

test('a test and a registration use what is typed, which stays in the form until it is saved', async () => {
  const agent = await startGuardedAgent(isKnown)
  const app = await buildTestApp()
  const locked = await submitPartial(app, '/orchestrator/test', typed(agent.url))
  expect(locked.text).toContain('needs a credential')
  expect(locked.text).toContain('Enter what it asks for under “Credential and certificate”')
  expect([isOpen(locked), chosen(locked)]).toEqual([true, ['bearer']])
  expect(locked.html.querySelector('#agent-credential-token')!.hasAttribute('autofocus')).toBe(true)
  const tested = await submitPartial(app, '/orchestrator/test', typed(agent.url, bearer))
  expect(tested.html.querySelector('h3 + p')!.text).toContain('All passed')
  expect([isOpen(tested), chosen(tested)]).toEqual([true, ['bearer']])
  expect(tested.html.querySelector('#agent-credential-token')!.attributes).toMatchObject({
    type: 'password',
    value: token,
  })
  const saved = await submit(app, '/orchestrator/register', typed(agent.url, bearer))
  expect(saved.status).toBe(303)
  for (const shown of [await page(app, edit), await partial(app, edit), await page(app, '/orchestrator')]) {
    expect(shown.html.toString()).not.toContain(token)
  }
  const form = await page(app, edit)
  expect(form.text).toContain(`Bearer token saved, and sent to ${agent.url} alone.`)
  expect(chosen(form)).toEqual(['keep'])
  const { agent_id: _, ...same } = typed(agent.url, { credential_type: 'keep' })
  expect((await submit(app, edit, same)).status).toBe(303)
  expect((await api(app, 'GET', edit)).json.saved_credential).toMatchObject({ type: 'bearer' })
  expect((await submit(app, edit, { ...same, credential_type: 'none' })).status).toBe(303)
  expect((await api(app, 'GET', edit)).json.saved_credential).toBeNull()
})

test('headers are typed as lines, and what is wrong is said at the field, which is open', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const lines = { credential_type: 'headers', credential_headers: 'X-Api-Key: a:b\r\nHost: evil' }
  const refused = await submit(app, '/orchestrator/register', typed(agent.url, lines))
  expect(refused.status).toBe(422)
  expect(isOpen(refused)).toBe(true)
  expect(refused.html.querySelector('#agent-credential-headers-error')!.text).toContain('"Host" belongs to the request')
  expect(refused.html.toString()).toContain('X-Api-Key: a:b')
  await submit(app, '/orchestrator/register', typed(agent.url, { ...lines, credential_headers: 'X-Api-Key: a:b' }))
  expect(agent.requests.at(-1)!.headers['x-api-key']).toBe('a:b')
})

test('a login in the URL moves to the fields for it', async () => {
  const agent = await startGuardedAgent(() => false)
  const app = await buildTestApp()
  const { host } = new URL(agent.url)
  const refused = await submit(app, '/orchestrator/register', typed(`http://anna:hunter2@${host}`))
  expect(refused.html.querySelector('#agent-url')!.getAttribute('value')).toBe(`${agent.url}/`)
  expect(refused.html.querySelector('#agent-credential-username')!.getAttribute('value')).toBe('anna')
  expect(chosen(refused)).toEqual(['basic'])
})

test('a test of a certificate that is not trusted names it, and passes once it is typed', async () => {
  const { fingerprint256 } = new X509Certificate(signed.cert)
  const answers: Record<string, string> = { '/health': '{"status": "ok"}', '/schema': '{"inputs": {}}' }
  const { port } = await startTlsServer((request, response) => response.end(answers[request.url!] ?? ''), signed)
  const app = await buildTestApp()
  const agentUrl = `https://localhost:${port}`
  const refused = await submitPartial(app, '/orchestrator/test', typed(agentUrl))
  const facts = refused.html.querySelectorAll('.certificate dd').map(({ text }) => text)
  expect(facts).toEqual(expect.arrayContaining(['Test authority of the dashboard', fingerprint256]))
  const passed = await api(app, 'POST', '/orchestrator/test', { agent_url: agentUrl, fingerprint: fingerprint256 })
  expect(passed.json).toMatchObject({ ok: true })
})
