import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { insertStates } from '../../support/runs/states.ts'
import { createPythonDatabase } from '../../support/store/python-database.ts'
import { temporaryFile } from '../../support/temporary.ts'

const openPage = useBrowser()

test('axe finds nothing on the page', { timeout: 60_000 }, async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  insertStates(
    { db },
    Array.from({ length: 2000 }, () => ({ run: 'repr', data: '{}' })),
  )
  const dashboard = await openDashboard({ db })
  const page = await openPage({ bypassCSP: true })
  await page.goto(`${dashboard.url}/system`)
  await page.getByText('other tables').click()
  await page.getByText('Lists and searches know every run').waitFor()
  await expectAccessible(page)
  const begun = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await begun
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Download' }).waitFor()
  await expectAccessible(page)
})

test('a backup is made, watched and downloaded, and is the database', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  insertRuns(dashboard, [{ id: 'one' }, { id: 'two' }])
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  await page.getByRole('link', { name: 'workflows.db' }).click()
  await page.getByRole('heading', { name: 'System' }).waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  const link = page.getByRole('link', { name: 'Download' })
  await link.waitFor()
  const begun = page.waitForEvent('download')
  await link.click()
  const download = await begun
  expect(download.suggestedFilename()).toMatch(/^workflows-\d{4}-\d\d-\d\dT\d{4}\.db$/)
  const file = temporaryFile()
  await download.saveAs(file)
  const copy = new Database(file, { readonly: true })
  expect(copy.prepare('SELECT id FROM workflow_runs ORDER BY id').pluck().all()).toEqual(['one', 'two'])
  copy.close()
})

test('with the keyboard alone, and polls leave focus and what is open alone', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/system`)
  await page.getByText('other tables').focus()
  await page.keyboard.press('Enter')
  await page.getByText('dashboard_state').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Download' }).waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('back-up')
  expect(await page.getByText('dashboard_state').isVisible()).toBe(true)
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.id')).toBe('download')
  const polled = page.waitForResponse((response) => response.url().endsWith('/system'))
  await page.evaluate("htmx.trigger('#system', 'refresh')")
  await polled
  expect(await page.evaluate('document.activeElement.id')).toBe('download')
})

test('without JavaScript a backup can be made and downloaded', { timeout: 60_000 }, async () => {
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

test('on a phone the file leads there too, and nothing scrolls sideways', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage({ viewport: { width: 375, height: 700 } })
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByRole('link', { name: 'workflows.db' }).click()
  await page.getByRole('heading', { name: 'System' }).waitFor()
  await page.getByText('other tables').click()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
})
