import type { Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { press, pressWords } from '../support/browser/press.ts'
import { typeRegistration } from '../support/browser/registration.ts'
import { type OpenDashboard, openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'

const openPage = useBrowser()
const timeout = 60_000

async function withRuns(): Promise<OpenDashboard> {
  const dashboard = await openDashboard()
  const agent = await startAgent()
  await fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }),
  })
  await insertRuns(dashboard, [{ inputs: '{"topic":"older"}' }, { inputs: '{"topic":"newer"}' }, {}])
  return dashboard
}

const toast = (page: Page, words: string | RegExp) => page.locator('.toast', { hasText: words })
/** Whatever the page asks for by htmx that is no poll gets this answer, or none. */
const answerAll = (page: Page, answer: (route: Route) => Promise<void>) =>
  page.route(
    ({ pathname }) => !/^\/(assets|health-check|orchestrator\/health-check)/.test(pathname),
    async (route) => (route.request().headers()['hx-request'] === 'true' ? answer(route) : route.fallback()),
  )

test('Compare in the selection bar leads to the two runs, and nothing else is sent', { timeout }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url())
  })
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#run-run-0 input').check()
  await page.locator('#run-run-1 input').check()
  await pressWords(page, 'Compare')
  await page.getByRole('heading', { name: 'Compare two runs' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/runs/compare')
  await page.getByText('older').waitFor()
  await page.getByText('newer').waitFor()
  expect(sent).toEqual([])

  await page.goBack()
  await page.locator('#run-run-0 input').check()
  await page.locator('#run-run-1 input').check()
  await page.getByRole('button', { name: 'Compare' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Compare two runs' }).waitFor()
})

test('what the dashboard refuses is said where it was asked for, also in a dialog', { timeout }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  const elsewhere = await fetch(`${dashboard.url}/orchestrator/writer`, { method: 'DELETE' })
  expect(elsewhere.status).toBe(200)
  await pressWords(page, 'Execute')
  await page.getByRole('dialog').getByText('writer').waitFor()
  await page.getByRole('dialog').getByRole('heading', { name: 'Not found' }).waitFor()
  expect(await page.locator('.skeleton').count()).toBe(0)
  await pressWords(page, 'Close')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

const foreign = [
  [502, /the proxy in front of it got no answer/],
  [413, /too large/],
  [418, /status 418/],
] as const

test('the page of a proxy is not put into ours, and each press is answered in words', { timeout }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  const body = '<html><body><h1>nginx</h1></body></html>'
  for (const [status, words] of foreign) {
    await page.unrouteAll()
    await page.goto(`${dashboard.url}/orchestrator`)
    await answerAll(page, (route) => route.fulfill({ status, contentType: 'text/html', body }))
    await typeRegistration(page, { url: 'http://localhost:1', id: 'kept', name: 'Kept' })
    await pressWords(page, 'Register')
    await toast(page, words).waitFor()
    expect(await page.getByLabel('Agent ID').inputValue()).toBe('kept')
    // Said once, however often.
    await pressWords(page, 'Register')
    await page.keyboard.press('Escape')
    await pressWords(page, 'Check now')
    await expect.poll(() => toast(page, words).count()).toBe(1)

    await pressWords(page, 'Remove')
    await page.getByRole('dialog').getByText(words).waitFor()
    expect(await page.locator('.skeleton').count()).toBe(0)
    await page.keyboard.press('Escape')

    await page.goto(`${dashboard.url}/runs`)
    await press(page.locator('#status-failed'))
    await toast(page, words).waitFor()
    await page.locator('#run-run-0 input').check()
    await press(page.locator('#bulk').getByRole('button', { name: 'Delete' }))
    await page.getByRole('dialog').getByText(words).waitFor()
    expect(await page.getByText('nginx').count()).toBe(0)
  }
})

test('no answer at all is said, in the open dialog too, and what was typed stays', { timeout }, async () => {
  const dashboard = await withRuns()
  const page = await openPage({}, /Failed to fetch/)
  await page.goto(`${dashboard.url}/orchestrator`)
  await pressWords(page, 'Execute')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^topic/).fill('kept')
  await answerAll(page, (route) => route.abort())
  await press(dialog.getByRole('button', { name: 'Execute', exact: true }))
  await toast(page, 'No answer from the dashboard').waitFor()
  // Not behind the dialog, where nobody could read it.
  expect(await page.locator('dialog[open] .toast').count()).toBe(1)
  expect(await dialog.getByLabel(/^topic/).inputValue()).toBe('kept')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('body > .toasts').count()).toBe(1)

  await page.goto(`${dashboard.url}/runs/run-0`)
  await pressWords(page, 'Compare')
  await page.getByRole('dialog').getByText('No answer from the dashboard').waitFor()
})

test('an answer that would be put nowhere is said', { timeout }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  const headers = { 'x-configurable-agents-dashboard': '1' }
  await answerAll(page, (route) => route.fulfill({ status: 409, headers, body: '<p>Not so</p>' }))
  await pressWords(page, 'Check now')
  await toast(page, 'status 409').waitFor()
})
