import { expect, test } from 'vitest'
import { expectAccessible } from '../support/browser/axe.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { openDashboard } from '../support/dashboard.ts'

const openPage = useBrowser()

test('the warning that there is no login is above every page, narrow ones too', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HOST: '0.0.0.0' } })
  const page = await openPage({ bypassCSP: true, viewport: { width: 375, height: 800 } })
  for (const path of ['/', '/runs', '/orchestrator']) {
    await page.goto(dashboard.url + path)
    await page.getByText('Anyone on the network can use this dashboard.').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
  }
  await expectAccessible(page)
})
