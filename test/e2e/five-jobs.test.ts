import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { dayMs } from '../../src/shared/time/durations.ts'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { press } from '../support/browser/press.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'

// What people come for every day, in clicks from the page that they open.

const openPage = useBrowser()
const timeout = 60_000

/** An agent that is well and one that is down, with runs of today and of yesterday. */
async function openWorld() {
  const [well, gone] = [await startAgent(), await startAgent()]
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' } })
  const register = async (agent_id: string, agent_name: string, agent_url: string) => {
    const body = JSON.stringify({ agent_id, agent_name, agent_url })
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const { status } = await fetch(`${dashboard.url}/orchestrator/register`, { method: 'POST', headers, body })
    expect(status).toBeLessThan(300)
  }
  await register('writer', 'Writer', well.url)
  await register('scraper', 'Web Scraper', gone.url)
  await gone.close()
  const now = Date.now()
  const yesterday = Math.floor(now / dayMs) * dayMs - dayMs / 2
  const ofAgent = (id: string) => ({ agent_id: id, workflow_name: id })
  await insertRuns(dashboard, [
    { ...ofAgent('writer'), id: 'now', started_at: toDatetime(now), total_cost_usd: 2.5 },
    {
      ...ofAgent('scraper'),
      id: 'today',
      started_at: toDatetime(now - 1),
      status: 'failed',
      error_message: 'Not today',
    },
    ...['Page is too large', 'Robots are not allowed'].map((error_message, index) => ({
      ...{ ...ofAgent('scraper'), id: `yesterday-${index}`, error_message },
      ...{ started_at: toDatetime(yesterday), status: 'failed' },
    })),
  ])
  const stateOf = async () => {
    const answer = await fetch(`${dashboard.url}/orchestrator/health-check`, {
      headers: { accept: 'application/json' },
    })
    const { agents } = (await answer.json()) as { agents: { agent_id: string; status: string }[] }
    return agents.find(({ agent_id }) => agent_id === 'scraper')!.status
  }
  await expect.poll(stateOf, { timeout: 10_000 }).toBe('down')
  const page = await openPage({ timezoneId: 'UTC' })
  let clicks = 0
  const click = async (target: Locator) => {
    clicks++
    await press(target)
  }
  /** Opens a page, from where clicks count. */
  const clicksFrom = async (path: string) => {
    await page.goto(dashboard.url + path)
    clicks = 0
    return click
  }
  return { page, clicks: () => clicks, clicksFrom }
}

/** Whether it is on the screen, without scrolling. */
async function expectSeen(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const box = (await target.boundingBox())!
  expect(box.y + box.height).toBeLessThanOrEqual(page.viewportSize()!.height)
  expect(box.width * box.height).toBeGreaterThan(100)
}

test('the five jobs in clicks', { timeout }, async () => {
  const { page, clicks, clicksFrom } = await openWorld()

  // Is all well, why is it down, and what did this week cost?
  await clicksFrom('/')
  for (const [width, height] of [
    [375, 812],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height })
    await expectSeen(page, page.getByRole('heading', { level: 1, name: '1 of 2 agents is down' }))
    const row = page.getByRole('listitem').filter({ hasText: 'Web Scraper' })
    await expectSeen(page, row.getByText(/^Down/))
    await expectSeen(page, row.getByText('Connection refused'))
  }
  const costs = page.getByRole('region', { name: 'Cost by agent' })
  await costs.getByRole('link', { name: /^Writer \$2\.50/ }).waitFor()
  await page.getByRole('region', { name: 'Cost this week' }).getByText('$2.50').first().waitFor()
  expect(clicks()).toBe(0)

  // Yesterday's failures, with their reasons.
  const click = await clicksFrom('/')
  await click(page.getByRole('navigation', { name: 'Sections' }).getByText('Runs'))
  await click(page.getByRole('link', { name: 'Failed yesterday' }))
  const failures = page.getByRole('row').filter({ hasText: 'scraper' })
  await expect.poll(() => failures.allInnerTexts()).toHaveLength(2)
  for (const reason of ['Page is too large', 'Robots are not allowed']) {
    await expectSeen(page, failures.getByText(reason))
  }
  expect(clicks()).toBe(2)

  // Run this agent: a click, and its form.
  const execute = await clicksFrom('/orchestrator')
  await execute(page.getByRole('row').filter({ hasText: 'Writer' }).getByText('Execute', { exact: true }))
  expect(clicks()).toBe(1)
  await page
    .getByRole('dialog', { name: 'Execute Writer' })
    .getByLabel(/^topic/)
    .fill('Heat pumps')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
  await page.getByText('An article').first().waitFor()

  // Without the mouse: three letters of its name.
  await clicksFrom('/')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('wri')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Execute Writer' }).waitFor()
  expect(clicks()).toBe(0)

  const down = await clicksFrom('/')
  await down(page.getByRole('listitem').getByRole('link', { name: 'Web Scraper' }))
  await page.waitForURL(/\/orchestrator\/scraper$/)
})
