import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { inPage, press, pressWords } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const searchOf = (page: Page) => decodeURIComponent(new URL(page.url()).search)
const focused = (page: Page) => page.evaluate('document.activeElement.innerText.trim()')
const isOpen = (page: Page, menu: string) =>
  page.locator(`#menu-${menu}`).evaluate(inPage<boolean>('menu', 'return menu.open'))

test('the words of every option of every menu choose it, and a press beside a menu closes it', {
  timeout: 60_000,
}, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [
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
  const agent = (words: string) => press(page.locator('#menu-agents').getByText(words).first())
  await agent('a reader')
  await chosen('agent=a+reader')
  expect(await isOpen(page, 'agents')).toBe(true)
  await agent('writer')
  await chosen('agent=writer')
  await expect.poll(() => page.locator('tr.run').count()).toBe(2)
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
  await pressWords(page, 'Add column')
  await page.keyboard.type('out.score')
  await page.keyboard.press('Enter')
  await page.getByRole('columnheader', { name: 'out.score' }).waitFor()
  expect(await page.locator('#pin').inputValue()).toBe('')
  await page.locator('#pin').fill('score')
  await page.keyboard.press('Enter')
  await page.locator('#pin-error').waitFor()
  expect(await page.locator('#pin').inputValue()).toBe('score')

  await opened('time')
  await press(page.locator('#time-2'))
  await chosen('time=')
  await opened('time')
  await page.locator('#filter-from').fill('2026-11-20T08:01')
  await page.keyboard.press('Enter')
  await chosen('from=2026-11-20T08:01')

  await opened('more')
  await pressWords(page, 'Longer than')
  await page.keyboard.type('5m')
  await page.keyboard.press('Enter')
  await chosen('longer=5m')

  await opened('more')
  await page.locator('#filter-sort').selectOption('Most expensive first')
  await chosen('sort=cost')
  await opened('more')
  await pressWords(page, 'How to search')
  await page.getByRole('dialog').getByText('in.topic:safety').waitFor()
  await page.getByRole('dialog').getByText('Close').click()

  await page.goto(`${dashboard.url}/runs?status=failed`)
  await press(page.locator('#menu-view > summary'))
  await pressWords(page, 'Name')
  await page.keyboard.type('Broken')
  await press(page.locator('#menu-view button'))
  await page.getByRole('link', { name: 'Broken' }).waitFor()
  await expect.poll(() => focused(page)).toBe('Edit view')
  await page.goto(`${dashboard.url}/runs?status=completed`)
  await press(page.locator('#menu-view > summary'))
  await page.locator('#view-name').fill('Broken')
  await page.keyboard.press('Enter')
  await page.getByText('There is a view “Broken” already.').waitFor()
  await press(page.getByRole('link', { name: 'Broken' }))
  await page.waitForURL('**/runs?status=failed')
  await press(page.locator('#menu-view > summary'))
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('view-name')
  await press(page.getByText('Delete view…'))
  await page.getByRole('heading', { name: 'Delete the view “Broken”?' }).waitFor()
  await expect.poll(() => focused(page)).toBe('Cancel')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('Edit view')
  expect(await page.getByRole('link', { name: 'Broken' }).count()).toBe(1)
  await press(page.locator('#menu-view > summary'))
  await press(page.getByText('Delete view…'))
  await press(page.getByRole('dialog').getByRole('button', { name: 'Delete' }))
  await page.waitForURL('**/runs')
  await expect.poll(() => focused(page)).toBe('Save view')
  expect(await page.getByRole('link', { name: 'Broken' }).count()).toBe(0)

  await opened('export')
  await Promise.all([page.waitForEvent('download'), press(page.locator('#menu-export').getByText('CSV'))])

  await opened('agents')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.locator('#search').focus()
  expect(await isOpen(page, 'agents')).toBe(false)
})
