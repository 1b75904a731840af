import { X509Certificate } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, submit, submitPartial } from '../support/app.ts'
import { selfSigned, signed, testAuthority } from '../support/network/certificates.ts'
import { startTlsServer } from '../support/network/tls-server.ts'

const url = '/orchestrator/register'
const edit = '/orchestrator/writer/edit'
const fingerprint = new X509Certificate(signed.cert).fingerprint256
const healthy: RequestListener = (request, response) =>
  response.end(request.url === '/schema' ? '{"inputs": {}}' : '{"status": "healthy"}')
const named = (port: number, more: object = {}) => ({
  agent_id: 'writer',
  agent_name: 'Writer',
  agent_url: `https://localhost:${port}`,
  ...more,
})

test('a certificate that is not trusted is named by its fingerprint, and then accepted by it', async () => {
  const { port } = await startTlsServer(healthy, signed)
  const app = await buildTestApp()
  const refused = await api(app, 'POST', url, named(port))
  expectProblem(refused, 503, ['agent_url'])
  expect(refused.json.detail).toContain(`Its SHA-256 fingerprint is ${fingerprint}: accept it if`)
  const typed = fingerprint.replaceAll(':', '').toLowerCase()
  expect((await api(app, 'POST', url, named(port, { fingerprint: typed }))).status).toBe(200)
  expect((await api(app, 'GET', edit)).json).toMatchObject({ fingerprint, ca: null })
  expect((await api(app, 'GET', '/orchestrator/writer/schema')).status).toBe(200)
})

test('an authority takes the place of a fingerprint, and is checked before it is saved', async () => {
  const { port } = await startTlsServer(healthy, signed)
  const app = await buildTestApp()
  await api(app, 'POST', url, named(port, { fingerprint }))
  expectProblem(await api(app, 'POST', edit, { ca: selfSigned.cert }), 503, ['agent_url'])
  expect((await api(app, 'GET', edit)).json).toMatchObject({ fingerprint, ca: null })
  const answer = await api(app, 'POST', edit, { ca: `Our authority\n${testAuthority}` })
  expect(answer.json).toMatchObject({ fingerprint: null, ca: `${testAuthority}\n` })
  expectProblem(await api(app, 'POST', edit, { ca: testAuthority, fingerprint }), 422, ['fingerprint'])
  expectProblem(await api(app, 'POST', edit, { ca: signed.key }), 422, ['ca'])
})

test('the page of an agent and a test of it name the certificate, and accept it', async () => {
  const { port } = await startTlsServer(healthy, signed)
  const app = await buildTestApp()
  const agentUrl = `https://localhost:${port}`
  await api(app, 'POST', url, named(port, { anyway: true }))
  await api(app, 'POST', '/orchestrator/writer/check')
  const certificate = {
    fingerprint,
    subject: 'localhost',
    issuer: 'Test authority of the dashboard',
    valid_from: '2026-11-29T09:51:52.000Z',
    valid_until: '2126-11-05T09:51:52.000Z',
  }
  expect((await api(app, 'GET', '/orchestrator/writer')).json.last_check).toMatchObject({ certificate })
  expect((await api(app, 'POST', '/orchestrator/test', { agent_url: agentUrl })).json).toMatchObject({ certificate })
  const shown = await page(app, '/orchestrator/writer')
  const facts = shown.html.querySelectorAll('#agent-trouble .certificate dd').map(({ text }) => text)
  expect(facts).toEqual(['localhost', 'Test authority of the dashboard', '2026-11-29 to 2126-11-05', fingerprint])

  // In the test of the form, it is filled in; on the page, it is saved.
  const typed = { agent_id: 'other', agent_name: 'Other', agent_url: agentUrl, credential_type: 'none' }
  const tested = await submitPartial(app, '/orchestrator/test', typed)
  const { name, value } = tested.html.querySelector('#register-accept')!.attributes
  const again = await submitPartial(app, '/orchestrator/test', { ...typed, [name!]: value! })
  expect(again.text).toContain('healthy')
  expect(again.html.querySelector('[name=credential_type][checked]')!.getAttribute('value')).toBe('none')
  expect(again.html.querySelector('#agent-fingerprint')!.getAttribute('value')).toBe(fingerprint)
  const button = shown.html.querySelector('#accept-certificate')!
  const fields = button.querySelectorAll('input').map((one) => [one.getAttribute('name')!, one.getAttribute('value')!])
  expect((await submit(app, button.getAttribute('action')!, Object.fromEntries(fields))).status).toBe(303)
  expect((await api(app, 'GET', edit)).json).toMatchObject({ fingerprint, saved_credential: null })
  expect((await api(app, 'GET', '/orchestrator/writer')).json.last_check).toMatchObject({
    status: 200,
    certificate: null,
  })
})

test('a certificate that was changed is refused, named beside the accepted one, and accepted anew', async () => {
  const { port, renew } = await startTlsServer(healthy, signed)
  const app = await buildTestApp()
  await api(app, 'POST', url, named(port, { fingerprint }))
  renew(selfSigned)
  await api(app, 'POST', '/orchestrator/writer/check')
  const other = new X509Certificate(selfSigned.cert).fingerprint256
  const { text, html } = await page(app, '/orchestrator/writer')
  expect(text).toContain('Its TLS certificate is another one than the accepted one')
  const facts = html.querySelectorAll('#agent-trouble .certificate dd').map((one) => one.text)
  expect(facts).toEqual(['localhost', 'itself', '2026-11-22 to 2126-10-29', other, fingerprint])
  expect(text).toContain('Accept it only if you know why the agent has a new one')
  expect(html.querySelector('#accept-certificate [name=fingerprint]')!.getAttribute('value')).toBe(other)
  expect((await api(app, 'POST', edit, { fingerprint: other })).json).toMatchObject({
    fingerprint: other,
    check: { ok: true },
  })
})
