import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { isAboutFile } from '../../support/store/database.ts'
import { temporaryFile } from '../../support/temporary.ts'

const openPage = useBrowser()

test('a backup is made by keys alone, watched and downloaded, and is the database', { timeout: 60_000 }, async () => {
  isAboutFile()
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{ id: 'one' }, { id: 'two' }])
  const page = await openPage({ bypassCSP: true })
  const focused = () => page.evaluate('document.activeElement.id')
  await page.goto(`${dashboard.url}/runs`)
  await page.getByRole('link', { name: 'workflows.db' }).click()
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await page.getByText('other tables').focus()
  await page.keyboard.press('Enter')
  await page.getByText('dashboard_state').waitFor()
  await expectAccessible(page)

  const begun = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Back up now' }).focus()
  await page.keyboard.press('Enter')
  await begun
  await expectAccessible(page)
  const link = page.getByRole('link', { name: 'Download' })
  await link.waitFor()
  // Polls leave the focus and what is open alone.
  expect(await focused()).toBe('back-up')
  expect(await page.getByText('dashboard_state').isVisible()).toBe(true)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('download')
  const polled = page.waitForResponse((response) => response.url().endsWith('/system'))
  await page.evaluate("htmx.trigger('#system', 'refresh')")
  await polled
  expect(await focused()).toBe('download')
  await expectAccessible(page)

  const loading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const download = await loading
  expect(download.suggestedFilename()).toMatch(/^workflows-\d{4}-\d\d-\d\dT\d{4}\.db$/)
  const file = temporaryFile()
  await download.saveAs(file)
  const copy = new Database(file, { readonly: true })
  expect(copy.prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()).toEqual(['one', 'two'])
  copy.close()

  await page.setViewportSize({ width: 375, height: 700 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
  await page.getByRole('link', { name: 'Checks and retention' }).click()
  await page.getByText('CONFIGURABLE_AGENTS_KEEP_FAILED_DAYS').waitFor()
  await expectAccessible(page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
})

test('without JavaScript a backup can be made and downloaded', { timeout: 60_000 }, async () => {
  isAboutFile()
  const dashboard = await openDashboard()
  const page = await openPage({ javaScriptEnabled: false })
  await page.goto(`${dashboard.url}/system`)
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect
    .poll(async () => {
      await page.goto(`${dashboard.url}/system`)
      return page.getByRole('link', { name: 'Download' }).count()
    })
    .toBe(1)
})

test('the help switches keys of a single letter off, in this browser', async () => {
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/system`)
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await page.keyboard.press('?')
  await help.waitFor()
  await help.getByLabel(/Single-key shortcuts/).uncheck()
  await page.keyboard.press('Escape')
  await page.reload()
  await page.keyboard.press('?')
  await page.keyboard.press('/')
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  expect(await page.locator('dialog[open]').count()).toBe(0)
  // Keys with Ctrl stay, and so does the button.
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Search or jump to' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  await help.getByLabel(/Single-key shortcuts/).check()
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await page.waitForURL('**/runs')
})
