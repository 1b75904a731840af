import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { openTalkedInto } from '../../support/history/hostile-history.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const timeout = 60_000

async function sheets(page: Page, options: { format?: string; landscape?: boolean } = {}): Promise<number> {
  const pdf = await page.pdf({ format: 'A4', ...options, preferCSSPageSize: false })
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)!.length
}

test('a list of 50 runs is printed as a table, on two sheets', { timeout }, async () => {
  const dashboard = await openDashboard()
  const run = { agent_id: 'writer', duration_seconds: 2, total_tokens: 100 }
  await insertRuns(dashboard, [...Array(49).fill(run), { ...run, started_at: toDatetime(Date.now()) }])
  const page = await openPage({ colorScheme: 'dark' })
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#runs-chart svg a').first().waitFor()
  expect(await sheets(page)).toBe(2)
  expect(await sheets(page, { format: 'Letter' })).toBe(2)
  expect(await sheets(page, { landscape: true })).toBe(2)

  // The width of a sheet within its margins.
  await page.setViewportSize({ width: 703, height: 1000 })
  await page.emulateMedia({ media: 'print' })
  const styleOf = (selector: string, name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${name}`)
  expect(await styleOf('table.runs', 'display')).toBe('table')
  expect(await styleOf('table.runs thead', 'display')).toBe('table-header-group')
  expect(await styleOf(':root', 'colorScheme')).toBe('light')
  const seen = page
    .locator('.bar, button, .button, .filterbar, .selection, [type="checkbox"]')
    .filter({ visible: true })
  expect(await seen.count()).toBe(0)
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
  const headed = await page.locator('table.runs th').filter({ visible: true }).allInnerTexts()
  expect(headed).toEqual(['Status', 'Workflow', 'Agent ID', 'Run ID', 'Started', 'Duration', 'Tokens', 'Cost'])
  // The agent has a column, and the first input stands apart from the name.
  expect(await page.locator('.c-workflow .open').first().innerText()).toBe('report')
  // A time that ages is on paper the moment itself, until the page is shown again.
  const started = page.locator('td.c-started time').first()
  expect(await started.innerText()).toMatch(/ago$|^now$/)
  await page.evaluate("dispatchEvent(new Event('beforeprint'))")
  expect(await started.innerText()).toMatch(/^\d+ \w+, \d\d:\d\d$/)
  await page.evaluate("dispatchEvent(new Event('afterprint'))")
  expect(await started.innerText()).toMatch(/ago$/)
  const apart = `getComputedStyle(document.querySelector('.c-workflow > div'), '::before').content`
  expect(await page.evaluate(apart)).toBe('" · "')
})

test('on paper nothing sticks out of the sheet, whatever was said', { timeout }, async () => {
  const dashboard = await openTalkedInto((length) => 'W'.repeat(length))
  const page = await openPage()
  for (const [name, path] of Object.entries(dashboard.pages)) {
    await page.goto(dashboard.url + path)
    await page.setViewportSize({ width: 703, height: 1000 })
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(703)
    await page.emulateMedia({ media: 'screen' })
  }
})
