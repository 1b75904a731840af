import { expect, test } from 'vitest'
import { expectAccessible } from '../support/browser/axe.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { openDashboard } from '../support/dashboard.ts'

const openPage = useBrowser()

test('the warning that there is no user is above every page, narrow ones too', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_ALLOWED_HOSTS: 'agents.example.com' } })
  const page = await openPage({ bypassCSP: true, viewport: { width: 375, height: 800 } })
  for (const path of ['/', '/runs', '/orchestrator']) {
    await page.goto(dashboard.url + path)
    await page.getByText('Anyone who reaches this dashboard can do everything.').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
  }
  await expectAccessible(page)
})
