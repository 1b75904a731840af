import { expect, test } from 'vitest'
import { buildAppWithUsers, passwordOf } from '../../support/access/people.ts'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, page, register, submit, type TestApp } from '../../support/app.ts'

const publicUrl = 'https://tools.example.com/agents'
const build = () => buildTestApp({ publicUrl })

/** As a program that registers itself. */
async function registerItself(app: TestApp, id: string): Promise<void> {
  const self = { agent_id: id, agent_name: id, host: '127.0.0.1', port: 9, ttl_seconds: 60, metadata: null }
  expect(await api(app, 'POST', '/agents/register', self)).toMatchObject({ status: 200 })
}

test.each([
  ['/', '/agents/'],
  ['/orchestrator', '/agents/orchestrator'],
  ['/runs?status=failed', '/agents/runs?status=failed'],
  ['/system/checks', '/agents/system/checks'],
  ['/docs/api', '/agents/docs/api'],
])('%s is the same page as %s, be the path taken off or not', async (off, on) => {
  const app = await build()
  const [first, second] = [await page(app, off), await page(app, on)]
  expect(first.status).toBe(200)
  expect(second.status).toBe(200)
  expect(second.text).toBe(first.text)
})

test.each(['writer', 'runs', 'docs', 'metrics', 'agents', 'heartbeat'])(
  'the agent %s registers itself, beats and leaves, beside the proxy and through it',
  async (id) => {
    const app = await build()
    for (const base of ['', '/agents']) {
      await registerItself(app, id)
      expect(await api(app, 'POST', `${base}/agents/${id}/heartbeat`)).toMatchObject({ status: 200 })
      expect((await api(app, 'GET', `${base}/agents`)).json).toMatchObject([{ agent_id: id }])
      expect(await api(app, 'DELETE', `${base}/agents/${id}`)).toMatchObject({ status: 200 })
    }
  },
)

test('a path that no address of ours begins with is left out wherever it is', async () => {
  const app = await buildTestApp({ publicUrl: 'https://tools.example.com/team/ai' })
  for (const url of ['/', '/team/ai', '/team/ai/', '/team/ai?x=1', '/runs', '/team/ai/runs'])
    expect((await page(app, url)).status, url).toBe(200)
  for (const url of ['/team', '/team/aid/runs', '/team/runs', '/team/ai/nothing'])
    expect((await page(app, url)).status, url).toBe(404)
})

test('JSON and redirects name addresses with the path', async () => {
  const app = await build()
  const agent = await startAgent()
  await register(app, agent.url)
  const begun = await api(app, 'POST', '/agents/orchestrator/writer/execute', { inputs: { topic: 'x' } })
  expect(begun.json.redirect_url).toBe(`/agents/runs/${begun.json.run_id}`)
  const checked = await submit(app, '/orchestrator/check')
  expect(checked).toMatchObject({ status: 303, headers: { location: '/agents/orchestrator' } })
})

test.each(['/orchestrator/writer', '/agents/orchestrator/writer'])(
  'a check without JavaScript leads back to %s, where it was asked for',
  async (from) => {
    const app = await build()
    await register(app, (await startAgent()).url)
    const { headers } = await app.inject({
      method: 'POST',
      url: '/orchestrator/check',
      headers: { accept: 'text/html', host: 'tools.example.com', referer: `https://tools.example.com${from}?range=7d` },
    })
    expect(headers.location).toBe(`${from}?range=7d`)
  },
)

test.each(['/runs?status=completed', '/agents/runs?status=completed'])(
  'the filter of a bulk action may be the address %s',
  async (filter) => {
    const app = await build()
    const { status, json } = await api(app, 'POST', '/runs/bulk', { action: 'delete', filter, confirm: true })
    expect(status).toBe(202)
    expect(json.url).toBe(`/agents/runs/bulk/${json.bulk_id}`)
  },
)

test('the API document and its examples name the public URL', async () => {
  const plain = await api(await buildTestApp(), 'GET', '/openapi.json')
  const app = await build()
  const { json } = await api(app, 'GET', '/openapi.json')
  expect(json.servers).toEqual([{ url: publicUrl }])
  expect(Object.keys(json.paths)).toEqual(Object.keys(plain.json.paths))
  const { html } = await page(app, '/docs/api')
  const examples = html.querySelectorAll('.api-example pre').map(({ text }) => text)
  expect(examples).toContain("curl -H 'accept: application/json' 'https://tools.example.com/agents/orchestrator'")
  expect(examples.filter((one) => !one.includes(` '${publicUrl}/`))).toEqual([])
})

test.each(['', '/agents'])(
  'the login at %s/login leads back under the path, and its cookie belongs there',
  async (base) => {
    const app = await buildAppWithUsers({ ann: 'admin' }, { publicUrl })
    const { headers } = await page(app, `${base}/runs?status=failed`)
    expect(headers.location).toBe('/agents/login?next=%2Fruns%3Fstatus%3Dfailed')
    const { html } = await page(app, String(headers.location))
    expect(html.querySelector('form')!.getAttribute('action')).toBe('/agents/login')
    const next = html.querySelector('input[name=next]')!.getAttribute('value')!
    const answer = await submit(app, `${base}/login`, { username: 'ann', password: passwordOf('ann'), next })
    expect(answer).toMatchObject({ status: 303, headers: { location: '/agents/runs?status=failed' } })
    expect(String(answer.headers['set-cookie'])).toMatch(/Path=\/agents\/; HttpOnly; Secure; SameSite=Lax/)
  },
)

test('so does the cookie that says what was done', async () => {
  const app = await build()
  await register(app, (await startAgent()).url)
  const { headers } = await submit(app, '/orchestrator/writer/pause', {})
  expect(String(headers['set-cookie'])).toMatch(/Path=\/agents\/; HttpOnly; Secure; SameSite=Lax/)
})

test('the cookie of the time zone belongs to the path', async () => {
  const { html } = await page(await build(), '/')
  expect(html.querySelector('html')!.getAttribute('data-home')).toBe('/agents/')
  const plain = await page(await buildTestApp(), '/')
  expect(plain.html.querySelector('html')!.getAttribute('data-home')).toBe('/')
})
