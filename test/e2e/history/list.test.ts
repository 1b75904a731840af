import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { count, idsOn, insertHistory, poll, rows, searchOf } from '../../support/history/run-list.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { changeBeside } from '../../support/store/beside.ts'

const openPage = useBrowser()
const timeout = 60_000

async function startWithHistory() {
  const dashboard = await openDashboard()
  await insertHistory(dashboard)
  return dashboard
}

const search = (page: Page) => page.locator('#search')
const tab = (page: Page, word: string) => page.getByRole('navigation', { name: 'Status' }).getByText(word)

test('filters, searches and pages; Back, reload and a shared link show the same again', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  await count(page, 50)

  await page.locator('#menu-agents > summary').click()
  await page.getByLabel('writer').check()
  await page.locator('.pager').getByText('40 runs', { exact: true }).waitFor()
  await expect.poll(() => searchOf(page)).toBe('?agent=writer')
  expect(await page.locator('#menu-agents').getAttribute('open')).not.toBeNull()
  await page.keyboard.press('Escape')
  await tab(page, 'Failed').click()
  await expect.poll(() => searchOf(page)).toBe('?agent=writer&status=failed')
  await count(page, 4)
  await tab(page, 'All').click()
  await count(page, 40)
  await search(page).fill('safety out.score>60')
  await page.keyboard.press('Enter')
  await expect.poll(() => searchOf(page)).toContain('&q=safety+out.score%3E60')
  await count(page, 19)
  const shared = page.url()

  await page.goBack()
  await count(page, 40)
  expect(await search(page).inputValue()).toBe('')
  await page.goBack()
  await count(page, 4)
  expect(await page.locator('#status-failed').getAttribute('aria-current')).toBe('true')
  await page.goto(shared)
  await count(page, 19)
  await page.reload()
  await count(page, 19)
  expect(await search(page).inputValue()).toBe('safety out.score>60')

  await page.locator('#filter-clear').click()
  await expect.poll(() => searchOf(page)).toBe('')
  expect(await search(page).inputValue()).toBe('')
  await page.getByRole('link', { name: 'Older' }).click()
  await page.getByRole('link', { name: 'Newer' }).waitFor()
  expect((await idsOn(page))[0]).toBe('run-69')
  const second = page.url()

  // All of a row opens the run, and its text can be selected.
  const id = (await rows(page).first().locator('.c-id').boundingBox())!
  await page.mouse.move(id.x + 9, id.y + 28)
  await page.mouse.down()
  await page.mouse.move(id.x + 90, id.y + 28, { steps: 4 })
  await page.mouse.up()
  expect(await page.evaluate('getSelection().toString()')).toContain('69')
  expect(page.url()).toBe(second)
  await page.evaluate('getSelection().empty()')
  await press(rows(page).first().locator('.c-duration'))
  await page.waitForURL('**/runs/run-69')
  await page.goBack()
  expect(page.url()).toBe(second)
  await count(page, 50)
})

test('a bar of the chart narrows the time, and Clear widens it again', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?agent=writer`)
  const bar = page.locator('#runs-chart svg a').first()
  const runs = Number(/: (\d+) run/.exec((await bar.getAttribute('aria-label'))!)![1])
  const readout = page.locator('#runs-chart').getByRole('status')
  expect(await readout.innerText()).toBe('')
  await bar.hover()
  expect(await readout.innerText()).toMatch(/, \d\d:\d\d–\d\d:\d\d\n(\d+ [a-z]+\n?)+/)
  await bar.click()
  await count(page, runs)
  expect(searchOf(page)).toMatch(/^\?agent=writer&from=[^&]+&to=[^&]+$/)
  const figures = () => page.locator('#runs-chart .runs-figure').innerText()
  await expect.poll(figures).toMatch(new RegExp(`^${runs} runs?\\b`))
  await page.locator('#filter-clear').click()
  await expect.poll(figures).toMatch(/^120 runs\b/)
})

test('new runs are counted until they are asked for, and rows stay where they are', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?status=completed&status=running`)
  await count(page, 50)
  const shown = await idsOn(page)
  const place = () => page.locator('#run-run-119').boundingBox()
  const before = await place()

  await page.locator('#menu-more > summary').click()
  await page.locator('#filter-workflow').pressSequentially('half')
  const soon = { started_at: toDatetime(Date.now() + 60_000) }
  await insertRuns(dashboard, [
    { id: 'new-1', ...soon },
    { id: 'new-2', ...soon },
    { id: 'other', ...soon, status: 'failed' },
  ])
  await changeBeside(
    dashboard,
    "UPDATE workflow_runs SET status = 'running' WHERE id = 'run-119'",
    "UPDATE runs SET status = 'running' WHERE id = 'run-119'",
  )
  await poll(page)
  await page.getByRole('link', { name: '2 new runs' }).waitFor()
  await poll(page)
  expect(await idsOn(page)).toEqual(shown)
  expect((await place())!.height).toBe(before!.height)
  await page.locator('#run-run-119').getByText('Running').waitFor()
  expect(await page.locator('#filter-workflow').inputValue()).toBe('half')
  expect(await page.evaluate('document.activeElement.name')).toBe('workflow')
  expect(await page.locator('#menu-more').getAttribute('open')).not.toBeNull()
  expect(searchOf(page)).toBe('?status=completed&status=running')

  await page.locator('#filter-workflow').fill('')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: '2 new runs' }).click()
  await page.locator('#run-new-2').waitFor()
  expect((await idsOn(page)).slice(0, 3)).toEqual(['new-2', 'new-1', 'run-119'])
  expect(await page.getByRole('link', { name: 'new run' }).count()).toBe(0)
})

test('a search that takes long goes on by itself, and a poll keeps what it found', { timeout }, async () => {
  const dashboard = await openDashboard()
  const text = 'x'.repeat(40_000)
  const run = (n: number) => ({ inputs: JSON.stringify(n === 0 ? { n, text } : { n }) })
  // In a history of fewer runs, all are counted before the first answer.
  await insertRuns(
    dashboard,
    Array.from({ length: 10_100 }, (_, index) => run(index % 2_500)),
  )
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?q=in.n%3C1`)
  await page.getByText('End of the history').waitFor()
  const found = ['run-10000', 'run-7500', 'run-5000', 'run-2500', 'run-0']
  expect(await idsOn(page)).toEqual(found)
  await changeBeside(
    dashboard,
    "UPDATE workflow_runs SET status = 'failed' WHERE id = 'run-10000'",
    "UPDATE runs SET status = 'failed' WHERE id = 'run-10000'",
  )
  await poll(page)
  await page.locator('#run-run-10000').getByText('Failed').waitFor()
  expect(await idsOn(page)).toEqual(found)
  await page.getByText('End of the history').waitFor()
})
