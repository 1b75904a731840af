import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { inPage, press, pressWords } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const searchOf = (page: Page) => decodeURIComponent(new URL(page.url()).search)
const isOpen = (page: Page, menu: string) =>
  page.locator(`#menu-${menu}`).evaluate(inPage<boolean>('menu', 'return menu.open'))

test('the words of every option of every menu choose it, and a press beside a menu closes it', {
  timeout: 60_000,
}, async () => {
  const dashboard = await openDashboard()
  insertRuns(dashboard, [
    { agent_id: 'writer', workflow_name: 'writer', agent_workflow: 'article' },
    { agent_id: 'a reader', workflow_name: 'a reader', status: 'failed' },
    {},
  ])
  const page = await openPage()
  const chosen = (part: string) => expect.poll(() => searchOf(page)).toContain(part)
  const opened = async (menu: string) => {
    await page.goto(`${dashboard.url}/runs`)
    await press(page.locator(`#menu-${menu} > summary`))
  }

  await opened('agents')
  await pressWords(page, 'a reader')
  await chosen('agent=a+reader')
  expect(await isOpen(page, 'agents')).toBe(true)
  await pressWords(page, 'writer')
  await chosen('agent=writer')
  expect(await page.locator('.runs tbody tr').count()).toBe(2)
  await press(page.getByRole('heading', { name: 'Runs', exact: true }))
  expect(await isOpen(page, 'agents')).toBe(false)

  await opened('columns')
  for (const words of ['Tokens', 'Error', 'Ended']) {
    const isShown = async () => (await page.getByRole('columnheader').allInnerTexts()).includes(words)
    const before = await isShown()
    await press(page.locator('#menu-columns').getByText(words, { exact: true }))
    await expect.poll(isShown).toBe(!before)
    expect(await isOpen(page, 'columns')).toBe(true)
  }
  await pressWords(page, 'Pin a field')
  await page.keyboard.type('out.score')
  await page.keyboard.press('Enter')
  await page.getByRole('columnheader', { name: 'out.score' }).waitFor()

  await opened('time')
  await press(page.locator('#time-2'))
  await chosen('time=')
  await opened('time')
  await pressWords(page, 'From (UTC)')
  await page.keyboard.type('2026-11-20T08:01')
  await page.keyboard.press('Enter')
  await chosen('from=2026-11-20T08:01')

  await opened('more')
  await pressWords(page, 'Longer than')
  await page.keyboard.type('5m')
  await page.keyboard.press('Enter')
  await chosen('longer=5m')

  await opened('search')
  await pressWords(page, 'in.topic:safety')
  expect(await isOpen(page, 'search')).toBe(true)
  await page.keyboard.press('Escape')
  expect(await isOpen(page, 'search')).toBe(false)

  await opened('export')
  await Promise.all([page.waitForEvent('download'), pressWords(page, 'CSV')])

  await opened('agents')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.locator('#search').focus()
  expect(await isOpen(page, 'agents')).toBe(false)
})
