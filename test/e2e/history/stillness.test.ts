import { expect, test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertHistory, poll } from '../../support/history/run-list.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()

test.each([1440, 768, 375])(
  'at %i px new runs are announced, and no row moves for that',
  { timeout: 60_000 },
  async (width) => {
    const dashboard = await openDashboard()
    await insertHistory(dashboard)
    const page = await openPage({ viewport: { width, height: 900 } })
    await page.goto(`${dashboard.url}/runs`)
    await page.locator('#runs-chart svg[data-plot]').waitFor()
    const tops = () =>
      page.evaluate<number[]>(
        `[...document.querySelectorAll('tr.run')].slice(0, 5).map((row) => row.getBoundingClientRect().y)`,
      )
    const before = await tops()
    expect(before).toHaveLength(5)
    await insertRuns(dashboard, [{ id: 'newer', started_at: toDatetime(Date.now()) }])
    await poll(page)
    await page.getByText('↑ 1 new run', { exact: true }).waitFor()
    expect(await tops()).toEqual(before)
    await page.getByText('↑ 1 new run', { exact: true }).click()
    await page.locator('#run-newer').waitFor()
  },
)
