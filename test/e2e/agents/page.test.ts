import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { checksOf, failed, historyIn, hourMs, minuteMs } from '../../support/agents/agent-history.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { createHastyClock } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()
const quickly = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '1' }

async function withAgent() {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: quickly, clock: createHastyClock() })
  await fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }),
  })
  return { agent, dashboard, url: `${dashboard.url}/orchestrator/writer` }
}

const state = (page: Page) => page.locator('#agent-state')
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const focused = (page: Page) => page.evaluate('document.activeElement.getAttribute("aria-label")')
const more = (page: Page) => page.locator('#agent-menu > summary')

async function choose(page: Page, name: string): Promise<void> {
  await more(page).click()
  await page.locator('#agent-menu').getByText(name, { exact: true }).click()
}

test('an agent is edited, paused and resumed on its page, without a reload', { timeout: 60_000 }, async () => {
  const { agent, url } = await withAgent()
  const gone = await startAgent()
  await gone.close()
  const page = await openPage()
  await page.goto(url)
  await state(page).filter({ hasText: 'Healthy' }).waitFor()
  await page.evaluate('window.isSamePage = true')

  await choose(page, 'Edit…')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Agent name').fill('New Writer')
  await dialog.getByLabel('Agent URL').fill(gone.url)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.getByText(`Cannot connect to agent at ${gone.url}: connection refused. Is it running?`).waitFor()
  await dialog.getByRole('button', { name: 'Save anyway' }).waitFor()
  expect(await dialog.getByLabel('Agent name').inputValue()).toBe('New Writer')
  expect(await page.evaluate('document.activeElement.id')).toBe('edit-url')
  await dialog.getByLabel('Agent URL').fill(agent.url)
  await dialog.getByLabel('Agent URL').press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('heading', { level: 1, name: 'New Writer' }).waitFor()
  await page.getByText('Saved New Writer.').waitFor()
  expect(await focused(page)).toBe('More actions')

  await page.locator('#latency-plot').focus()
  const readout = page.locator('[data-readout="latency-plot"]')
  expect(await readout.innerText()).toMatch(/^Today, \d\d:\d\d\n\d+ ms\n/)
  const day = (await page.locator('#uptime-plot .slot').first().boundingBox())!
  // Between two days is a gap.
  await page.mouse.move(day.x + day.width + 1, day.y + 5)
  expect(await readout.innerText()).toBe('')
  expect(await page.locator('[data-readout="uptime-plot"]').innerText()).toMatch(/No checks$/)
  await page.locator('#uptime-plot').focus()
  await page.keyboard.press('End')
  expect(await page.locator('[data-readout="uptime-plot"]').innerText()).toBe('Today\nNo incidents\n100% up')

  await page.getByRole('link', { name: '7 d' }).click()
  await page.waitForURL(/range=7d$/)
  await choose(page, 'Pause checks')
  await state(page)
    .filter({ hasText: /Paused\s+\d+s/ })
    .waitFor()
  expect(await focused(page)).toBe('More actions')
  const checks = agent.requests.length
  await state(page).filter({ hasText: 'Paused 1s' }).waitFor()
  expect(agent.requests).toHaveLength(checks)
  await choose(page, 'Resume checks')
  await state(page).filter({ hasText: 'Healthy' }).waitFor()

  await button(page, 'Check now').click()
  await page.getByText(/New Writer: Healthy/).waitFor()
  await page.getByRole('link', { name: '7 d' }).and(page.locator('[aria-current]')).waitFor()
  expect(await page.evaluate('window.isSamePage')).toBe(true)

  await button(page, 'Remove').click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.waitForURL(/\/orchestrator$/)
  await page.getByText('Removed New Writer. Its runs stay.').waitFor()
})

test('the page follows an agent that stops, comes back and is removed, and keeps what is opened on it', {
  timeout: 60_000,
}, async () => {
  const { agent, url } = await withAgent()
  const page = await openPage()
  await page.goto(url)
  await page.getByText('Last answer').click()
  const headers = page.getByText('content-type: application/json')
  await headers.waitFor()
  await agent.close()
  await state(page).filter({ hasText: 'Down' }).waitFor()
  await page.getByRole('heading', { name: 'Connection refused' }).waitFor()
  const incidents = page.getByRole('region', { name: 'Incidents' })
  await incidents.getByText('until now').waitFor()
  await startAgent({}, agent.port)
  await state(page).filter({ hasText: 'Healthy' }).waitFor()
  await incidents.getByText('until now').waitFor({ state: 'detached' })
  await headers.waitFor()
  await fetch(url, { method: 'DELETE' })
  await page.getByText('This agent was removed. Its runs stay.').waitFor()
})

test('axe finds nothing on the page of an agent', { timeout: 60_000 }, async () => {
  const { dashboard, url } = await withAgent()
  const history = historyIn(dashboard)
  const now = Date.now()
  const checks = checksOf('writer', { from: now - 20 * hourMs, to: now - minuteMs, everyMs: minuteMs }, (index) =>
    index < 100 ? failed : { latencyMs: 20 + (index % 30) },
  )
  await history.record(checks)
  await history.beginIncident('writer', now - 20 * hourMs, 'connection refused')
  await history.endIncidents('writer', now - 18 * hourMs)
  const page = await openPage({ bypassCSP: true, hasTouch: true })
  await page.goto(url)
  await state(page).filter({ hasText: 'Healthy' }).waitFor()
  await page.getByText('Last answer').click()
  await more(page).click()
  await page.locator('#agent-menu').getByText('Copy ID').waitFor()
  await expectAccessible(page)
  await page.locator('#agent-menu').getByText('Edit…').click()
  await page.getByRole('dialog').getByLabel('Check every').fill('often')
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Enter a number of seconds').waitFor()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await choose(page, 'Pause checks')
  await state(page).filter({ hasText: 'Paused' }).waitFor()
  await expectAccessible(page)
  await page.setViewportSize({ width: 375, height: 800 })
  await expectAccessible(page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
  await page.locator('#latency-plot').tap({ position: { x: 20, y: 100 } })
  expect(await page.locator('[data-readout="latency-plot"]').innerText()).toMatch(/^(Today|Yesterday), \d\d:\d\d\n/)
  expect(await page.locator('#uptime-plot .slot').filter({ visible: true }).count()).toBe(45)
})
