import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser.ts'
import { openDashboard } from '../support/dashboard.ts'
import { press } from '../support/press.ts'
import { insertRuns } from '../support/runs.ts'

const openPage = useBrowser()
const timeout = 60_000
type Answer = { path: string; status: number; bytes: number }

/** What htmx is answered on a page from now on. */
function answersOn(page: Page): Answer[] {
  const answers: Answer[] = []
  page.on('requestfinished', async (request) => {
    if (request.headers()['hx-request'] !== 'true') return
    const response = (await request.response())!
    const { responseBodySize } = await request.sizes()
    answers.push({ path: new URL(request.url()).pathname, status: response.status(), bytes: responseBodySize })
  })
  return answers
}

const poll = async (page: Page, region: string, path: string) => {
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === path)
  await page.evaluate(`htmx.trigger('${region}', 'refresh')`)
  await answered
}

test('an idle list of runs costs nothing but 304s, and its chart is loaded once', { timeout }, async () => {
  const dashboard = await openDashboard()
  insertRuns(
    dashboard,
    Array(60)
      .fill({})
      .map((_, index) => ({ agent_id: index % 2 ? 'writer' : 'reader' })),
  )
  const page = await openPage()
  const answers = answersOn(page)
  const of = (path: string) => answers.filter((answer) => answer.path === path)
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#runs-chart svg a').first().waitFor()
  // Until the index of the history has them all.
  await expect
    .poll(async () => {
      await poll(page, '#runs', '/runs')
      return of('/runs').at(-1)?.status
    })
    .toBe(304)

  answers.length = 0
  for (let polls = 0; polls < 5; polls++) await poll(page, '#runs', '/runs')
  await expect.poll(() => of('/runs').length).toBeGreaterThanOrEqual(5)
  expect(of('/runs/chart')).toEqual([])
  for (let polls = 0; polls < 3; polls++) await poll(page, '#runs-chart', '/runs/chart')
  await expect.poll(() => of('/runs/chart').length).toBeGreaterThanOrEqual(3)
  expect(answers.filter(({ status, bytes }) => status !== 304 || bytes !== 0)).toEqual([])

  answers.length = 0
  insertRuns(dashboard, [{ id: 'new', agent_id: 'writer', status: 'failed' }])
  await poll(page, '#runs', '/runs')
  await expect.poll(() => of('/runs/chart').at(0)?.status).toBe(200)
  await expect.poll(() => page.locator('#runs-chart .figures').innerText()).toMatch(/^61 runs/)

  // Another filter is another chart, whatever is remembered of the one before.
  await press(page.locator('#status-failed + span'))
  await expect.poll(() => page.locator('#runs-chart .figures').innerText()).toMatch(/^1 run\b/)
  await press(page.locator('#status-failed + span'))
  await expect.poll(() => page.locator('#runs-chart .figures').innerText()).toMatch(/^61 runs/)
})

test('the other pages that ask again cost nothing while nothing happens', { timeout }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage()
  const answers = answersOn(page)
  for (const [path, region, asked] of [
    ['/', '#overview', '/'],
    ['/orchestrator', '#agents', '/orchestrator/health-check'],
  ] as const) {
    await page.goto(dashboard.url + path)
    answers.length = 0
    for (let polls = 0; polls < 3; polls++) await poll(page, region, asked)
    await expect.poll(() => answers.length).toBeGreaterThanOrEqual(3)
    expect(answers.filter(({ status, bytes }) => status !== 304 || bytes !== 0)).toEqual([])
  }
})
