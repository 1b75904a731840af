import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertHistory, rows } from '../../support/history/run-list.ts'

const openPage = useBrowser()

test('on a phone runs are selected by the button, or by a long press', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  await insertHistory(dashboard)
  const page = await openPage({ viewport: { width: 375, height: 800 }, hasTouch: true })
  await page.goto(`${dashboard.url}/runs`)
  const bar = page.locator('#bulk')
  await page.locator('.select-mode').tap()
  await rows(page).nth(1).tap()
  await bar.getByText('1 selected').waitFor()
  expect(await bar.getByRole('button', { name: 'Compare' }).isVisible()).toBe(false)
  await rows(page).nth(2).tap()
  await bar.getByText('2 selected').waitFor()
  await bar.getByRole('button', { name: 'Clear the selection' }).tap()
  await bar.waitFor({ state: 'hidden' })

  // Without the button a tap opens, and a finger that stays selects.
  const touch = { pointerType: 'touch', bubbles: true, isPrimary: true }
  await rows(page).nth(3).dispatchEvent('pointerdown', touch)
  await bar.getByText('1 selected').waitFor()
  await rows(page).nth(3).dispatchEvent('pointerup', touch)
  await rows(page).nth(3).locator('a').dispatchEvent('click')
  await rows(page).nth(4).tap()
  await bar.getByText('2 selected').waitFor()
  await bar.getByRole('button', { name: 'Compare' }).tap()
  await page.waitForURL('**/runs/compare?**')
  await page.goto(`${dashboard.url}/runs`)
  await rows(page).nth(3).tap()
  await page.waitForURL('**/runs/run-116')
})
