import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns, type StoredRun } from '../../support/runs/runs.ts'
import { connect } from '../../support/store/store.ts'

const openPage = useBrowser()
const timeout = 60_000
const topics = ['AI safety', 'jazz', 'databases']

/** 120 runs, each ten minutes after the one before, the last of them ten minutes ago: run-119. */
async function startWithHistory() {
  const dashboard = await openDashboard()
  const now = Date.now()
  const runs = Array.from({ length: 120 }, (_, index): StoredRun => {
    const agent = index % 3 === 0 ? 'writer' : 'scraper'
    return {
      workflow_name: agent,
      agent_id: agent,
      agent_workflow: agent === 'writer' ? 'article' : 'scrape',
      status: index % 10 === 0 ? 'failed' : 'completed',
      started_at: toDatetime(now - (120 - index) * 600_000),
      duration_seconds: index,
      inputs: JSON.stringify({ topic: topics[index % 3] }),
      outputs: JSON.stringify({ score: index, by: { name: agent } }),
    }
  })
  insertRuns(dashboard, runs)
  return dashboard
}

const rows = (page: Page) => page.locator('.runs tbody tr')
const idsOn = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('.runs tbody tr')].map((row) => row.id.slice('run-'.length))`)
const searchOf = (page: Page) => new URL(page.url()).search
const count = (page: Page, runs: number) => expect.poll(() => rows(page).count()).toBe(runs)
const poll = async (page: Page) => {
  const answered = page.waitForResponse((response) => /\/runs\?(.*&)?top=/.test(response.url()))
  await page.evaluate(`htmx.trigger('#runs', 'refresh')`)
  await answered
}

test('filters, searches and pages; Back, reload and a shared link show the same again', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  await count(page, 50)

  await page.locator('#menu-agents > summary').click()
  await page.getByLabel('writer').check()
  await page.locator('.pages').getByText('40 runs', { exact: true }).waitFor()
  await expect.poll(() => searchOf(page)).toBe('?agent=writer')
  await page.keyboard.press('Escape')
  await page.getByText('Failed 4').click()
  await expect.poll(() => searchOf(page)).toBe('?agent=writer&status=failed')
  await count(page, 4)
  await page.getByText('Completed 36').click()
  await expect.poll(() => searchOf(page)).toBe('?agent=writer&status=completed&status=failed')
  await page.getByRole('link', { name: 'Remove the filter Status Completed' }).click()
  await count(page, 4)
  await expect.poll(() => page.locator('#status-completed').isChecked()).toBe(false)
  await page.goBack()
  await count(page, 40)
  await count(page, 40)
  await page.getByLabel('Search', { exact: true }).fill('safety out.score>60')
  await page.keyboard.press('Enter')
  await expect.poll(() => searchOf(page)).toContain('&q=safety+out.score%3E60')
  await count(page, 19)
  const shared = page.url()

  await page.goBack()
  await count(page, 40)
  expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('')
  await page.goBack()
  await count(page, 4)
  expect(await page.locator('#status-completed').isChecked()).toBe(false)
  expect(await page.locator('#status-failed').isChecked()).toBe(true)
  await page.goForward()
  await count(page, 40)
  await page.goto(shared)
  await count(page, 19)
  await page.reload()
  await count(page, 19)
  expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('safety out.score>60')
  expect(await page.locator('.chip').count()).toBe(5)

  await page.getByRole('link', { name: 'Remove the filter Agent writer' }).click()
  await page.getByRole('link', { name: 'Clear all' }).click()
  await expect.poll(() => searchOf(page)).toBe('')
  expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('')
  expect(await page.locator('#filter :checked').count()).toBe(8)

  await page.getByRole('link', { name: 'Older' }).click()
  await page.getByRole('link', { name: 'Newer' }).waitFor()
  expect((await idsOn(page))[0]).toBe('run-69')
  const second = page.url()
  await rows(page).first().getByRole('link').first().click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.goBack()
  expect(page.url()).toBe(second)
  await count(page, 50)
  expect((await idsOn(page))[0]).toBe('run-69')
})

test('a bar of the chart narrows the time, and its chip widens it again', { timeout }, async () => {
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
  await expect.poll(() => page.locator('#runs-chart .runs-figure').innerText()).toMatch(new RegExp(`^${runs} runs?\\b`))
  await page.getByRole('link', { name: /^Remove the filter 20/ }).click()
  await count(page, 40)
  await expect.poll(() => page.locator('#runs-chart .runs-figure').innerText()).toMatch(/^40 runs\b/)
})

test('everything can be done by the keyboard alone', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  const focused = () => page.evaluate<string>('document.activeElement.id')
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await page.waitForURL('**/runs')
  await page.keyboard.press('/')
  await expect.poll(focused).toBe('search')

  await page.keyboard.type('out.s')
  await page.getByRole('option', { name: /out\.score/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  expect(await page.locator('#search').getAttribute('aria-activedescendant')).toBe('suggestion-0')
  await page.keyboard.press('Enter')
  await page.keyboard.type('>=115 -stat')
  await page.getByRole('option', { name: 'status:' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'failed' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.type('failed')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await count(page, 5)
  expect(await focused()).toBe('search')
  expect(await page.locator('#search').inputValue()).toBe('out.score>=115 -status:failed')

  await page.locator('#menu-time > summary').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('time-1')
  await page.keyboard.press('Enter')
  await expect.poll(() => searchOf(page)).toContain('time=hour')
  await page.locator('#menu-time > summary').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  expect(await page.locator('#menu-time').getAttribute('open')).toBeNull()

  const bars = page.locator('#runs-plot a')
  await expect.poll(() => bars.count()).toBeGreaterThan(2)
  expect(await page.locator('#runs-chart a:not([tabindex="-1"])').count()).toBe(0)
  await page.locator('#runs-plot').focus()
  await page.keyboard.press('Home')
  const first = await page.evaluate<number>(
    "[...document.querySelectorAll('#runs-plot .slot')].findIndex((one) => one.href)",
  )
  for (let index = 0; index < first; index++) await page.keyboard.press('ArrowRight')
  const [when, runs] = (await bars.first().getAttribute('aria-label'))!.split(': ')
  expect(await page.locator('#runs-chart').getByRole('status').innerText()).toMatch(new RegExp(`^${when}\n`))
  await page.keyboard.press('Enter')
  await count(page, Number.parseInt(runs!, 10))

  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#sort-duration').focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('th[aria-sort]').innerText()).toBe('Duration')
  expect(await focused()).toBe('sort-duration')
  await page.locator('#status-failed').focus()
  await page.keyboard.press('Space')
  await count(page, 12)
  expect(await focused()).toBe('status-failed')
})

test('what a search can name is suggested, inputs too, and chosen by its words', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  await press(page.getByLabel('Search', { exact: true }))
  await page.keyboard.type('in.')
  await page.getByRole('option', { name: /in\.topic/ }).waitFor()
  await pressWords(page, 'in.topic')
  await page.keyboard.type('jazz')
  await page.keyboard.press('Enter')
  await count(page, 40)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('st')
  await press(page.getByRole('option', { name: 'status:' }))
  await press(page.getByRole('option', { name: 'failed' }))
  await page.keyboard.press('Enter')
  await count(page, 12)
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
  insertRuns(dashboard, [
    { id: 'new-1', ...soon },
    { id: 'new-2', ...soon },
    { id: 'other', ...soon, status: 'failed' },
  ])
  connect(dashboard.db).exec("UPDATE workflow_runs SET status = 'running' WHERE id = 'run-119'")
  await poll(page)
  await page.getByRole('link', { name: '2 new runs' }).waitFor()
  await poll(page)
  expect(await idsOn(page)).toEqual(shown)
  expect(await place()).toEqual(before)
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
  insertRuns(
    dashboard,
    Array.from({ length: 200 }, (_, index) => ({ inputs: JSON.stringify({ n: index % 60, text }) })),
  )
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?q=in.n%3C1`)
  await page.getByText('That is all').waitFor()
  const found = ['run-180', 'run-120', 'run-60', 'run-0']
  expect(await idsOn(page)).toEqual(found)
  connect(dashboard.db).exec("UPDATE workflow_runs SET status = 'failed' WHERE id = 'run-180'")
  await poll(page)
  await page.locator('#run-run-180').getByText('Failed').waitFor()
  expect(await idsOn(page)).toEqual(found)
  await page.getByText('That is all').waitFor()
})

test('columns are chosen, and a field is pinned', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#menu-columns > summary').click()
  await page.getByLabel('Agent ID').uncheck()
  await expect.poll(() => page.getByRole('columnheader').allInnerTexts()).not.toContain('Agent ID')
  await page.getByLabel('Pin a field').fill('score')
  await page.keyboard.press('Enter')
  await page.locator('#pin-error').waitFor()
  expect(await page.getByLabel('Pin a field').inputValue()).toBe('score')
  await page.getByLabel('Pin a field').fill('out.score')
  await page.keyboard.press('Enter')
  await page.getByRole('columnheader', { name: 'out.score' }).waitFor()
  expect(await page.getByLabel('Pin a field').inputValue()).toBe('')
  expect(await page.getByLabel('out.score').isChecked()).toBe(true)
  expect(await rows(page).first().locator('.cell-pinned').innerText()).toBe('119')
  await page.reload()
  await page.getByRole('columnheader', { name: 'out.score' }).waitFor()
})

test('axe finds nothing, whatever is open', { timeout }, async () => {
  const dashboard = await startWithHistory()
  const page = await openPage({ bypassCSP: true })
  const invalid = 'from=x&to=y&longer=z&q=foo%3Abar&columns=nothing&columns=out.score&columns=error&sort=cost'
  await page.goto(`${dashboard.url}/runs?agent=writer&status=failed&${invalid}`)
  await page.locator('#runs-chart svg a').first().waitFor()
  await expectAccessible(page)
  for (const menu of ['agents', 'time', 'more', 'columns', 'export', 'search']) {
    await page.locator(`#menu-${menu} > summary`).click()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
  }
  await page.locator('#search').fill('out.')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await expectAccessible(page)
})

test('nothing scrolls sideways on a phone, whatever is open', { timeout }, async () => {
  const dashboard = await startWithHistory()
  insertRuns(dashboard, [{ id: 'long'.repeat(30), workflow_name: 'w'.repeat(200), error_message: 'e'.repeat(300) }])
  const page = await openPage({ viewport: { width: 375, height: 800 } })
  await page.goto(`${dashboard.url}/runs?columns=out.by.name&columns=error&columns=workflow&q=${'a'.repeat(90)}`)
  await page.goto(`${dashboard.url}/runs?columns=out.by.name&columns=error&columns=workflow&columns=id`)
  await page.locator('#runs-chart svg a').first().waitFor()
  const width = () => page.evaluate('document.documentElement.scrollWidth')
  expect(await width()).toBe(375)
  for (const menu of ['agents', 'time', 'more', 'columns', 'export', 'search']) {
    await page.locator(`#menu-${menu} > summary`).click()
    expect(await width(), menu).toBe(375)
    const panel = (await page.locator(`#menu-${menu} .panel`).boundingBox())!
    expect(panel.x, menu).toBeGreaterThanOrEqual(0)
    expect(panel.x + panel.width, menu).toBeLessThanOrEqual(375)
    await page.keyboard.press('Escape')
  }
})
