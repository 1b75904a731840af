import { expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { openDashboard } from '../support/dashboard.ts'
import { startReverseProxy } from '../support/network/reverse-proxy.ts'

const openPage = useBrowser()

test('behind a proxy under a path: execute, poll, filter, bulk, the palette and the time zone', {
  timeout: 60_000,
}, async () => {
  const agent = await startAgent()
  const proxy = await startReverseProxy('/agents', 'takes the path off')
  const env = { CONFIGURABLE_AGENTS_PUBLIC_URL: proxy.url, CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' }
  const dashboard = await openDashboard({ env })
  proxy.forwardTo(dashboard.url)
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const body = JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  expect((await fetch(`${dashboard.url}/orchestrator/register`, { method: 'POST', headers, body })).status).toBe(200)

  const page = await openPage({ timezoneId: 'Asia/Kolkata' })
  await page.goto(proxy.url)
  await page.getByText('Times in IST').waitFor()
  expect(await page.context().cookies()).toMatchObject([{ name: 'reader-zone', path: '/agents/' }])

  await page.getByRole('link', { name: 'Orchestrator', exact: true }).click()
  await page.waitForURL(`${proxy.url}orchestrator`)
  await page.getByRole('button', { name: 'Execute Writer' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^topic/).fill('SQLite')
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click()
  await page.waitForURL(/\/agents\/runs\/[0-9a-f-]{36}$/)
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()

  await page.goto(`${proxy.url}orchestrator`)
  agent.handlers.health = json({ status: 'degraded' })
  await page.locator('tbody tr').getByText('Reports "degraded"').waitFor()

  await page.goto(`${proxy.url}runs`)
  await page.locator('#menu-agents > summary').click()
  await page.getByLabel('Writer').check()
  await page.waitForURL(`${proxy.url}runs?agent=writer`)
  await page.locator('input[name="run"]').first().check()
  await page.getByRole('button', { name: 'Rerun' }).click()
  await dialog.getByRole('button', { name: 'Rerun 1 run' }).click()
  await page.getByText('Reran 1 run').waitFor()
  await expect.poll(() => page.locator('input[name="run"]').count()).toBe(2)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('settings')
  await page.locator('#palette').getByRole('option', { name: 'Settings Page' }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${proxy.url}system`)
  expect(proxy.outside).toEqual([])

  // Beside the proxy, the cookie is not sent to addresses without the path: the page is shown all the same, and once.
  await page.goto(dashboard.url)
  await page.getByText('Times in UTC').waitFor()
  await page.getByRole('link', { name: 'Orchestrator', exact: true }).click()
  await page.getByText('Times in IST').waitFor()
  expect(new URL(page.url()).pathname).toBe('/agents/orchestrator')
})
