import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { inPage, press } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const isFocused = inPage<boolean>('element', 'return element === document.activeElement')

test('the overview checks an agent, keeps the focus, and stays of now while nothing changes', {
  timeout: 60_000,
}, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' } })
  await fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'scraper', agent_name: 'Web Scraper', agent_url: agent.url }),
  })
  await agent.close()
  const ofScraper = { agent_id: 'scraper', workflow_name: 'scraper', agent_workflow: 'scrape' }
  const ago = (seconds: number) => toDatetime(Date.now() - seconds * 1000)
  await insertRuns(dashboard, [
    ...[1, 2, 3, 4, 5].map((index) => ({
      ...{ ...ofScraper, id: `done-${index}`, started_at: ago(1000), duration_seconds: 40 },
    })),
    { ...ofScraper, id: 'going', status: 'running', started_at: ago(5) },
  ])
  const page = await openPage()
  await page.clock.install()
  const check = page.getByRole('button', { name: 'Check Web Scraper' })
  await expect
    .poll(
      async () => {
        await page.goto(dashboard.url)
        return check.count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)

  // A bar is full after 125 % of what 95 of 100 runs take: 50 s.
  const running = page.locator('#running-going')
  const done = async () => Number.parseFloat((await running.locator('.meter .done').getAttribute('width'))!)
  const before = await done()
  expect(await running.innerText()).toContain('of about 40.0s')
  await page.clock.fastForward(8000)
  expect(await done()).toBeGreaterThan(before + 13)

  await press(check)
  await page.locator('.toast').filter({ hasText: 'Web Scraper: Down. Connection refused.' }).waitFor()
  const checkedAt = () => page.locator('[data-checked]').getAttribute('datetime')
  const shownAt = await checkedAt()
  await expect
    .poll(async () => {
      await page.evaluate(`htmx.trigger('#overview', 'refresh')`)
      return checkedAt()
    })
    .not.toBe(shownAt)
  expect(await check.evaluate(isFocused)).toBe(true)
})
