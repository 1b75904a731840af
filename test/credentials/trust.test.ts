import { X509Certificate } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem } from '../support/app.ts'
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
