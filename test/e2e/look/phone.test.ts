import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { inPage } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const phone = { viewport: { width: 375, height: 800 }, hasTouch: true }
const timeout = 60_000

const box = async (element: Locator) => (await element.boundingBox())!

/** What lies within the page, and has room for all that is in it. */
async function expectWhole(page: Page, element: Locator, least: number) {
  const { x, width } = await box(element)
  expect(x).toBeGreaterThanOrEqual(0)
  expect(width).toBeGreaterThanOrEqual(least)
  expect(x + width).toBeLessThanOrEqual(page.viewportSize()!.width)
  expect(await element.evaluate(inPage<number>('element', 'return element.scrollWidth - element.clientWidth'))).toBe(0)
}

test('on a phone what opens on the runs is as wide as its words', { timeout }, async () => {
  const dashboard = await openDashboard()
  const long = { agent_id: 'an-agent-with-a-long-name'.repeat(3), workflow_name: 'w'.repeat(80) }
  await insertRuns(dashboard, [{ ...long, id: '01a22977-4b0a-7231-b359-ad5637853e01', outputs: '{"a":"|---|---|"}' }])
  const page = await openPage(phone)
  await page.goto(`${dashboard.url}/runs`)
  for (const menu of ['view', 'agents', 'time', 'more', 'columns', 'export']) {
    await page.locator(`#menu-${menu} > summary`).tap()
    await expectWhole(page, page.locator(`#menu-${menu} > :is(.panel, .menu)`), 200)
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('j')
  await page.keyboard.press(' ')
  const peek = page.locator('#peek')
  await peek.getByText('Open run').waitFor()
  await expectWhole(page, peek, 320)
  await expectWhole(page, peek.getByRole('button', { name: 'Close' }), 24)
  await expectWhole(page, peek.locator('.peek-body'), 320)
})

test('on a phone an error ends before the time of its run, whatever day that was', { timeout }, async () => {
  const dashboard = await openDashboard()
  const hourMs = 3_600_000
  const failed = { status: 'failed', error_message: 'an error that is longer than a row '.repeat(4) }
  const ages = [1, 30, 26, 100, 24 * 400]
  await insertRuns(
    dashboard,
    ages.map((hours) => ({ ...failed, started_at: toDatetime(Date.now() - hours * hourMs) })),
  )
  const page = await openPage(phone)
  await page.goto(`${dashboard.url}/runs`)
  const rows = page.locator('tr.run')
  await expect.poll(() => rows.count()).toBe(ages.length)
  for (const row of await rows.all()) {
    const [error, time] = [await box(row.locator('.c-workflow > div')), await box(row.locator('.c-started time'))]
    expect(error.x + error.width).toBeLessThanOrEqual(time.x)
  }
})

test('the bar of selected runs has words where there is room for them', { timeout }, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, Array(60).fill({}))
  const page = await openPage({ viewport: { width: 768, height: 800 } })
  await page.goto(`${dashboard.url}/runs`)
  await page
    .getByRole('checkbox', { name: /^Select run/ })
    .first()
    .check({ force: true })
  await page
    .getByRole('checkbox', { name: /^Select run/ })
    .nth(1)
    .check({ force: true })
  const compare = page.locator('#bulk').getByRole('button', { name: 'Compare' })
  const { width } = await box(compare)
  expect(width).toBeGreaterThan(80)
  await expectWhole(page, page.locator('.selection'), 600)
  await page.setViewportSize({ width: 375, height: 800 })
  await expect.poll(async () => (await box(compare)).width).toBeLessThan(50)
  await expectWhole(page, page.locator('.selection'), 300)
})

test('on a phone the actions of an agent stand on one line, and what is small can be hit', { timeout }, async () => {
  const agent = await startAgent()
  const { url } = await openDashboard()
  const post = async (path: string, body: object) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { run_id: string }
  }
  await post('/orchestrator/register', { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  const page = await openPage({ ...phone, permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(`${url}/orchestrator/writer`)
  const actions = page.locator('.agent-head .head-end').locator('.button').filter({ visible: true })
  const tops = await actions.evaluateAll(
    inPage<number[]>('all', 'return all.map((button) => button.getBoundingClientRect().top)'),
  )
  expect(tops.length).toBe(4)
  expect(new Set(tops).size).toBe(1)
  for (const small of ['.brand', '.page-foot a']) {
    expect((await box(page.locator(small).first())).height).toBeGreaterThanOrEqual(24)
  }
  await page.goto(`${url}/orchestrator/writer/edit`)
  const opener = page.locator('details.access > summary')
  await opener.locator('.icon').waitFor()
  expect((await box(opener)).height).toBeGreaterThanOrEqual(24)

  const { run_id: run } = await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
  await page.goto(`${url}/runs/${run}`)
  await page.getByLabel('Copy as curl').tap()
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/^curl .*topic/s)
})

test('on a phone the settings show which of their pages this is', { timeout }, async () => {
  const { url } = await openDashboard()
  const page = await openPage(phone)
  for (const path of ['/system', '/system/checks', '/settings/audit']) {
    await page.goto(url + path)
    const current = page.locator('.settings-side [aria-current]')
    const isShown = async () => {
      const { x, width } = await box(current)
      return x >= 0 && x + width <= 375
    }
    await expect.poll(isShown, { message: path }).toBe(true)
  }
  const heads = page.locator('.settings-rows').first().getByRole('columnheader').filter({ visible: true })
  await page.goto(`${url}/system/checks`)
  const middles = await heads.evaluateAll(
    inPage<number[]>(
      'all',
      `return all.map((head) => {
        const range = document.createRange()
        range.selectNodeContents(head)
        return Math.round(range.getBoundingClientRect().top)
      })`,
    ),
  )
  expect(new Set(middles).size).toBe(1)
})

test('on a phone the page that compares two runs says which is A and which is B', { timeout }, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [
    { id: 'the-first', outputs: '{"a":1}' },
    { id: 'the-other', outputs: '{"a":2}' },
  ])
  const page = await openPage(phone)
  await page.goto(`${dashboard.url}/runs/compare?a=the-other&b=the-first`)
  const heads = await page.locator('.compared-facts thead th').filter({ visible: true }).allInnerTexts()
  expect(heads.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
    expect.stringMatching(/^A report .*the-othe/),
    expect.stringMatching(/^B report .*the-firs/),
  ])
  expect(await page.locator('.differences thead').filter({ visible: true }).count()).toBe(0)
})
