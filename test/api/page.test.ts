import { expect, test } from 'vitest'
import { api, buildTestApp, page } from '../support/app.ts'

test('the API can be read as a page: each request with what it takes, what it answers, and a command to copy', async () => {
  const app = await buildTestApp()
  const { json } = await api(app, 'GET', '/openapi.json')
  const { html } = await page(app, '/docs/api')
  const shown = html
    .querySelectorAll('.api-operation > summary')
    .map((one) => one.textContent.replace(/\s+/g, ' ').trim())
  const documented = Object.entries<Record<string, { summary?: string }>>(json.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '' }]) => `${method.toUpperCase()} ${path} ${summary}`.trim()),
  )
  expect(shown.toSorted()).toEqual(documented.toSorted())
  const rerun = html.querySelector('#post-runs-id-rerun')!
  expect(rerun.textContent).toContain('Needs the role operator.')
  expect(html.querySelector('#get-healthz')!.textContent).toContain('Needs no login.')
  expect(html.querySelector('#post-agents-register')!.textContent).toContain(
    'For agents, with a registration token. Others need the role admin.',
  )
  expect(html.querySelector('#get-settings-account')!.textContent).toContain('Needs the session of a login')
  expect(rerun.querySelectorAll('dt code').map((one) => one.textContent)).toEqual(
    expect.arrayContaining(['id', 'run_id', 'redirect_url']),
  )
  expect(rerun.querySelector('pre')!.textContent).toMatch(
    /^curl -X POST -H 'accept: application\/json'.* 'http:\/\/localhost.*\/runs\/[\w-]+\/rerun'$/,
  )
})

test('every page leads to the API', async () => {
  const app = await buildTestApp()
  expect((await page(app, '/runs')).html.querySelector('footer a[href="/docs/api"]')).not.toBeNull()
})
