import { expect, test } from 'vitest'
import type { Overrides } from '../../src/app.ts'
import { StoreBusyError } from '../../src/shared/errors.ts'
import { startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { openRegistration, registerByHand } from '../support/browser/registration.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { openGivenStore } from '../support/store/database.ts'

const openPage = useBrowser()
const quickly = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' }

test('a poll keeps focus, the selection and what is half typed', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: quickly })
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await registerByHand(page, { url: agent.url, id: 'writer', name: 'Writer' })
  const execute = page.getByRole('button', { name: 'Execute Writer' })
  await execute.waitFor()
  const poll = () => page.waitForResponse((response) => response.url().endsWith('/orchestrator/health-check'))

  await execute.focus()
  await page.evaluate(`getSelection().selectAllChildren(document.querySelector('.c-url'))`)
  await poll()
  await poll()
  expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toBe('Execute Writer')
  expect(await page.evaluate('getSelection().toString()')).toBe(agent.url.replace('http://', ''))

  await openRegistration(page)
  const id = page.getByLabel('Agent ID')
  await id.fill('half')
  await page.evaluate('document.activeElement.setSelectionRange(1, 3)')
  await poll()
  await poll()
  const field = await page.evaluate(`(({ id, value, selectionStart, selectionEnd }) =>
    ({ id, value, selectionStart, selectionEnd }))(document.activeElement)`)
  expect(field).toEqual({ id: 'agent-id', value: 'half', selectionStart: 1, selectionEnd: 3 })
})

test('the list says when the dashboard is gone and recovers by itself when it is back', {
  timeout: 60_000,
}, async () => {
  const dashboard = await openDashboard({ env: quickly })
  const page = await openPage({}, /Failed to fetch/)
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByText('Connect your first agent').waitFor()
  await dashboard.stop()
  await page.getByText('Connection lost.').waitFor()
  await page.getByText('Connect your first agent').waitFor()

  await openDashboard({ env: quickly, db: dashboard.db, port: Number(new URL(dashboard.url).port) })
  await page.getByText('Connection lost.').waitFor({ state: 'hidden' })
})

test('a dashboard that answers, but cannot refresh a page, is not said to be gone', { timeout: 60_000 }, async () => {
  let isBusy = false
  const openStore: Overrides['openStore'] = async (...given) => {
    const store = await openGivenStore(...given)
    const list: typeof store.history.list = (...asked) =>
      isBusy ? Promise.reject(new StoreBusyError()) : store.history.list(...asked)
    return { ...store, history: { ...store.history, list } }
  }
  const dashboard = await openDashboard({ openStore })
  const page = await openPage({}, /503/)
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#search').fill('half a wor')
  isBusy = true
  const refresh = () => page.evaluate(`window.htmx.trigger('#runs', 'refresh')`)
  // What has not changed is not read.
  await insertRuns(dashboard, [{ id: 'new' }])
  const isSaid = () => page.getByText('The dashboard cannot refresh this page. Showing old data').isVisible()
  await expect.poll(async () => refresh().then(isSaid), { timeout: 10_000 }).toBe(true)
  expect(await page.getByText('Connection lost').count()).toBe(0)
  expect(await page.locator('#search').inputValue()).toBe('half a wor')
  isBusy = false
  await refresh()
  await page.locator('#connection').waitFor({ state: 'hidden' })
})

test('an execute dialog closes with Escape and gives the focus back', { timeout: 60_000 }, async () => {
  const agent = await startAgent({ schema: () => undefined })
  const dashboard = await openDashboard({ env: quickly })
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await registerByHand(page, { url: agent.url, id: 'writer', name: 'Writer' })
  await page.getByRole('button', { name: 'Execute Writer' }).click()
  // The agent never answers, and still there is something to see, and to leave.
  await page.getByRole('heading', { name: 'Asking the agent…' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toBe('Execute Writer')
})
