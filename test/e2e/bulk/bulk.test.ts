import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../../support/agents/agent.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { pressWords } from '../../support/browser/press.ts'
import { type OpenDashboard, openDashboard } from '../../support/dashboard.ts'
import { insertRuns, type StoredRun } from '../../support/runs/runs.ts'
import { storedIds } from '../../support/runs/stored.ts'
import { openGivenStore } from '../../support/store/database.ts'

const openPage = useBrowser()
const headers = { accept: 'application/json', 'content-type': 'application/json' }

async function withRuns(runs: StoredRun[], overrides: Overrides = {}) {
  const agent = await startAgent()
  const dashboard = await openDashboard(overrides)
  const body = JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  await fetch(`${dashboard.url}/orchestrator/register`, { method: 'POST', headers, body })
  await insertRuns(
    dashboard,
    runs.map((run) => ({
      workflow_name: 'writer',
      agent_id: 'writer',
      status: 'failed',
      inputs: '{"topic":"a"}',
      ...run,
    })),
  )
  return { agent, dashboard }
}

const ids = ({ app }: OpenDashboard) => storedIds(app)
const tick = (page: Page, id: string) => page.locator(`input[name="run"][value="${id}"]`)

async function refresh(page: Page): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.url().includes('/runs?'))
  await page.evaluate("htmx.trigger('#runs', 'refresh')")
  await answered
}

test('runs a selection again: select, confirm, and the result stays until it is closed', {
  timeout: 60_000,
}, async () => {
  const { agent, dashboard } = await withRuns([{ id: 'a' }, { id: 'b', inputs: '{"topic":"b"}' }, { id: 'c' }])
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?status=failed`)
  await tick(page, 'a').check()
  await tick(page, 'b').check()
  await page.getByText('2 selected').waitFor()
  await refresh(page)
  expect(await tick(page, 'a').isChecked()).toBe(true)

  await page.getByRole('button', { name: 'Rerun' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('heading', { name: 'Rerun 2 runs?' }).waitFor()
  await dialog.getByRole('button', { name: 'Rerun 2 runs' }).click()
  await page.getByText('Reran 2 runs').waitFor()
  expect(new URL(page.url()).search).toBe('?status=failed')
  await expect
    .poll(() =>
      agent.requests
        .filter(({ url }) => url === '/run')
        .map(({ body }) => body)
        .sort(),
    )
    .toEqual(['{"topic":"a"}', '{"topic":"b"}'])
  const result = page.getByText('Reran 2 runs')
  // On the page that has shown it, the result stays until it is closed; other visits show it at most once.
  await refresh(page)
  await insertRuns(dashboard, [{ id: 'new', status: 'failed', started_at: toDatetime(Date.now()) }])
  await refresh(page)
  await page.getByText('new run').waitFor()
  expect(await result.count()).toBe(1)
  await pressWords(page, 'Close')
  await result.waitFor({ state: 'detached' })
  await insertRuns(dashboard, [{ id: 'newer', status: 'failed', started_at: toDatetime(Date.now()) }])
  await refresh(page)
  await page.getByText('2 new runs').waitFor()
  expect(await result.count()).toBe(0)
  await page.reload()
  expect(await result.count()).toBe(0)
})

test('runs that are sent again after the page was shown come into its list, and those of others are counted', {
  timeout: 60_000,
}, async () => {
  const mayWork = Promise.withResolvers<void>()
  const { dashboard } = await withRuns([{ id: 'a' }], {
    async openStore(...given) {
      const store = await openGivenStore(...given)
      const checkpointed = () => mayWork.promise.then(store.checkpointed)
      return { ...store, checkpointed, bulk: { ...store.bulk } }
    },
  })
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs`)
  await tick(page, 'a').check()
  await page.getByRole('button', { name: 'Rerun' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rerun 1 run' }).click()
  await page.getByText('Starting…').waitFor()
  expect(await page.locator('input[name="run"]').count()).toBe(1)
  mayWork.resolve()
  await page.getByText('Reran 1 run').waitFor()
  await expect.poll(() => page.locator('input[name="run"]').count()).toBe(2)
  await insertRuns(dashboard, [{ id: 'new', status: 'failed', started_at: toDatetime(Date.now() + 1000) }])
  await refresh(page)
  await page.getByText('1 new run').waitFor()
  expect(await page.locator('input[name="run"]').count()).toBe(2)
})

test('deletes all that match with the keyboard alone', { timeout: 60_000 }, async () => {
  const { dashboard } = await withRuns([...Array(70).fill({}), { id: 'kept', status: 'completed' }])
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?status=failed`)
  await page.locator('#select-all').focus()
  await page.keyboard.press('Space')
  await page.getByText('50 selected').waitFor()
  await page.keyboard.press('a')
  expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Rerun')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  await page.getByText('All pages').waitFor()
  for (let steps = 0; steps < 4; steps++) await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Delete')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Delete 70 runs?' }).waitFor()
  // Enter at once keeps them.
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Cancel')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByText('70 runs deleted').waitFor()
  expect(await ids(dashboard)).toEqual(['kept'])
})

test('what was exported can be opened, and shows what the list shows', { timeout: 60_000 }, async () => {
  const { dashboard } = await withRuns([
    { id: 'a', outputs: '{"score": 0.5}', error_message: '=HYPERLINK("http://x")' },
    { id: 'b', status: 'completed' },
  ])
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?status=failed&columns=status&columns=id&columns=out.score`)
  const file = async (word: string) => {
    await page.locator('#menu-export > summary').click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#menu-export a').filter({ hasText: word }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^runs-\\d{4}-\\d\\d-\\d\\d\\.${word.toLowerCase()}$`))
    return readFileSync(await download.path(), 'utf8')
  }
  const rows = parse<Record<string, string>>(await file('CSV'), { columns: true, bom: true })
  expect(rows).toMatchObject([{ run_id: 'a', 'out.score': '0.5', error_message: `'=HYPERLINK("http://x")` }])
  await page.reload()
  expect(JSON.parse(await file('NDJSON'))).toMatchObject({ run_id: 'a', outputs: { score: 0.5 } })

  await page.goto(`${dashboard.url}/runs`)
  await tick(page, 'b').check()
  const bar = page.getByRole('form', { name: 'Actions for selected runs' })
  const [chosen] = await Promise.all([
    page.waitForEvent('download'),
    bar.getByRole('button', { name: 'Export' }).click(),
  ])
  expect(parse(readFileSync(await chosen.path(), 'utf8'), { columns: true, bom: true })).toMatchObject([
    { run_id: 'b' },
  ])
})

test('axe finds nothing', { timeout: 60_000 }, async () => {
  const { dashboard } = await withRuns([
    { id: 'a' },
    { id: 'b' },
    { id: 'local', agent_id: null, workflow_name: 'report' },
  ])
  const page = await openPage({ bypassCSP: true })
  await page.goto(`${dashboard.url}/runs`)
  await tick(page, 'a').check()
  await tick(page, 'local').check()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Rerun' }).click()
  await page.getByRole('heading', { name: 'Rerun 1 run?' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Rerun 1 run' }).click()
  await page.getByText('Reran 1 run').waitFor()
  await page.getByText('Why 1 skipped').click()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Reran 1 run' }).click()
  await page.getByRole('heading', { name: 'Reran 1 run' }).waitFor()
  await expectAccessible(page)
})
