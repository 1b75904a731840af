import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openWithUsers } from '../../support/access/in-browser.ts'
import { insertEntries, runEntry } from '../../support/audit/trail.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { pressWords } from '../../support/browser/press.ts'
import { temporaryFile } from '../../support/temporary.ts'

const openPage = useBrowser()
const timeout = 60_000

/** 60 entries of Bob, of which every other one is an execution. */
async function open(given?: Parameters<typeof openPage>[0]) {
  const { url, app, as } = await openWithUsers(openPage, { ann: 'admin' })
  await insertEntries(
    app,
    Array.from({ length: 60 }, (_, index) =>
      runEntry(`run-${index}`, 'writer', { action: index % 2 ? 'run.cancel' : 'run.execute' }),
    ),
  )
  return { url, page: await as('ann', given) }
}

const rowsOf = (page: Page) => page.locator('.audit-rows tbody tr')

test('an admin finds who did what, page by page, and takes it away', { timeout }, async () => {
  const { url, page } = await open({ bypassCSP: true })
  await page.goto(`${url}/system`)
  await pressWords(page, 'Audit')
  await page.getByText('Entries are kept for 365 days').waitFor()
  await expectAccessible(page)

  await page.getByLabel('Who').fill('bob')
  await page.keyboard.press('Tab')
  await page.waitForURL('**/settings/audit?by=bob')
  await expect.poll(() => rowsOf(page).first().textContent()).toContain('run-59')
  await pressWords(page, 'Older')
  await expect.poll(() => rowsOf(page).count()).toBe(10)
  await pressWords(page, 'Newer')
  await expect.poll(() => rowsOf(page).count()).toBe(50)
  await pressWords(page, 'Newest')
  await page.waitForURL('**/settings/audit?by=bob')
  await page.getByLabel('Action').selectOption('Run executed')
  await page.waitForURL('**/settings/audit?by=bob&action=run.execute')
  await expect.poll(() => rowsOf(page).count()).toBe(30)
  await expectAccessible(page)

  await pressWords(page, 'Export')
  const loading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  const file = temporaryFile()
  await (await loading).saveAs(file)
  expect(readFileSync(file, 'utf8').match(/"run\.execute"/g)).toHaveLength(30)

  await page.getByLabel('Target user').fill('nobody')
  await page.keyboard.press('Tab')
  await page.getByText('There is no user “nobody”').waitFor()
  await page.getByText('Correct the filter to see entries.').waitFor()
  expect(await page.getByLabel('Who').inputValue()).toBe('bob')
  await expectAccessible(page)
  await page.setViewportSize({ width: 375, height: 700 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
  await pressWords(page, 'Clear')
  await page.getByRole('cell', { name: 'Audit exported' }).waitFor()
  await expectAccessible(page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
})

test('without JavaScript too', { timeout }, async () => {
  const { url, page } = await open({ javaScriptEnabled: false })
  await page.goto(`${url}/settings/audit`)
  await page.getByLabel('Who').fill('BOB')
  await page.getByLabel('Run ID').fill('run-7')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('cell', { name: 'run-7 on writer' }).waitFor()
  expect(await rowsOf(page).count()).toBe(1)
  await page.getByRole('link', { name: 'bob' }).click()
  await page.getByRole('link', { name: 'Older' }).click()
  expect(await rowsOf(page).count()).toBe(10)
})
