import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { expect, test } from 'vitest'
import { publicAddressOf } from '../../src/config/public-url.ts'
import { loadConfig, settings } from '../../src/config.ts'
import { usualConnectionLimits } from '../../src/web/plugins/connections.ts'
import { readProjectFile } from '../architecture/sources.ts'
import { openDashboard } from '../support/dashboard.ts'
import { hasNginx, startNginx } from '../support/network/nginx.ts'
import { blocksOf, type Directive, parseNginx, valuesOf } from '../support/network/nginx-conf.ts'

const text = readProjectFile('deploy/nginx.conf')
const publicUrl = /--public-url (\S+)/.exec(text)![1]!
const { origin, basePath } = publicAddressOf(loadConfig({ publicUrl }, {}))
const [plain, secure] = blocksOf(parseNginx(text), 'server').map(({ inside }) => inside!) as [Directive[], Directive[]]
const inside = (path: string) => blocksOf(secure, 'location').find(({ values }) => values.join(' ') === path)!.inside!

test('the nginx configuration serves the public URL that it names, over https alone', () => {
  const { host } = new URL(origin!)
  expect([plain, secure].flatMap((server) => valuesOf(server, 'server_name'))).toEqual([[host], [host]])
  expect(valuesOf(plain, 'return')).toEqual([['301', 'https://$host$request_uri']])
  expect(valuesOf(secure, 'listen')).toEqual([
    ['443', 'ssl'],
    ['[::]:443', 'ssl'],
  ])
  expect(valuesOf(inside(`= ${basePath}`), 'return')).toEqual([['301', `${basePath}/`]])
  expect(valuesOf(inside(`${basePath}/`), 'proxy_pass')).toEqual([[`http://127.0.0.1:${settings.port.default}`]])
  expect(valuesOf(inside(`${basePath}/`), 'proxy_set_header')).toContainEqual(['Host', '$http_host'])
})

test('it lets through what the dashboard takes, and waits as long as the dashboard', () => {
  const { silenceMs, maxHeaderBytes } = usualConnectionLimits
  expect(valuesOf(inside(`${basePath}/`), 'proxy_read_timeout')).toEqual([[`${silenceMs / 1000}s`]])
  expect(valuesOf(secure, 'large_client_header_buffers')).toEqual([['4', `${maxHeaderBytes / 1024}k`]])
  expect(valuesOf(inside(`${basePath}/`), 'client_max_body_size')).toEqual([[`${8 * 3}m`]])
})

test.runIf(hasNginx)(
  'nginx itself takes the configuration, and the dashboard works behind it',
  { timeout: 60_000 },
  async () => {
    const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_PUBLIC_URL: publicUrl } })
    const { http, https } = await startNginx(text, dashboard.url)
    const { host } = new URL(origin!)
    const usual = { host: '127.0.0.1', rejectUnauthorized: false }
    const ask = (path: string, { method = 'GET', headers = {}, body = '' } = {}) =>
      answered(requestHttps({ ...usual, port: https, path, method, headers: { host, ...headers } }), body)

    const plainly = requestHttp({ ...usual, port: http, path: '/agents/', headers: { host } })
    expect(await answered(plainly)).toMatchObject({ statusCode: 301, headers: { location: `${origin}/agents/` } })
    expect(await ask('/agents')).toMatchObject({ statusCode: 301 })
    expect(await ask('/orchestrator')).toMatchObject({ statusCode: 404 })
    expect(await ask('/agents/')).toMatchObject({
      statusCode: 200,
      headers: { 'strict-transport-security': 'max-age=31536000', 'content-security-policy': expect.any(String) },
    })
    const change = { method: 'POST', headers: { origin: origin!, 'content-type': 'application/x-www-form-urlencoded' } }
    expect(await ask('/agents/orchestrator/check', change)).toMatchObject({
      statusCode: 303,
      headers: { location: '/agents/orchestrator' },
    })
    const foreign = { ...change, headers: { ...change.headers, origin: 'https://evil.example.com' } }
    expect(await ask('/agents/orchestrator/check', foreign)).toMatchObject({ statusCode: 403 })
    const large = `agent_name=${'%61'.repeat(4 * 1024 * 1024)}`
    expect(await ask('/agents/orchestrator/register', { ...change, body: large })).toMatchObject({ statusCode: 422 })
    const longLink = `/agents/orchestrator?q=${'x'.repeat(60_000)}`
    expect(await ask(longLink)).toMatchObject({ statusCode: 200 })
  },
)

async function answered(request: ClientRequest, body = ''): Promise<IncomingMessage> {
  const [response] = (await once(request.end(body), 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}
