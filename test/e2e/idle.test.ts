import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser/browser.ts'
import { press } from '../support/browser/press.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'

const openPage = useBrowser()
const timeout = 60_000
type Answer = { path: string; status: number; length: number }

/** Keeps what htmx is answered from then on, and begins anew with each page. */
const recordAnswers = `
  window.answers = []
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    const path = ctx.request.action.split('?')[0]
    if (ctx.response) window.answers.push({ path, status: ctx.response.status, length: ctx.text?.length ?? 0 })
  })`
const answersOn = (page: Page) => page.evaluate<Answer[]>('window.answers')
const forget = (page: Page) => page.evaluate('window.answers.length = 0')

/** Has a region ask again, and waits until it has been answered. */
const poll = (page: Page, region: string) =>
  page.evaluate(`new Promise((resolve) => {
    const region = document.querySelector('${region}')
    document.addEventListener('htmx:finally:request', function done({ detail: { ctx } }) {
      if (ctx.sourceElement?.id !== region.id) return
      document.removeEventListener('htmx:finally:request', done)
      setTimeout(resolve)
    })
    htmx.trigger(region, 'refresh')
  })`)

/**
 * Whatever is written in the background, as the index of the history is, is answered anew once. After that, each answer is
 * a 304 without a body, also to what the page asks by itself meanwhile.
 */
const becomesIdle = (page: Page, regions: string[]) =>
  expect
    .poll(async () => {
      await forget(page)
      for (const region of regions) await poll(page, region)
      const answers = await answersOn(page)
      expect(answers.length).toBeGreaterThanOrEqual(regions.length)
      return answers.filter(({ status, length }) => status !== 304 || length !== 0)
    })
    .toEqual([])

test('an idle list of runs costs nothing but 304s, and its chart is loaded once', { timeout }, async () => {
  const dashboard = await openDashboard()
  const agents = Array.from({ length: 60 }, (_, index) => ({ agent_id: index % 2 ? 'writer' : 'reader' }))
  await insertRuns(dashboard, agents)
  const page = await openPage()
  await page.addInitScript(recordAnswers)
  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#runs-chart svg a').first().waitFor()
  await becomesIdle(page, ['#runs-chart', ...Array(5).fill('#runs')])
  await insertRuns(dashboard, [{ id: 'new', agent_id: 'writer', status: 'failed' }])
  await poll(page, '#runs')
  await expect.poll(() => page.locator('#runs-chart .runs-figure').innerText()).toMatch(/^61 runs/)
  const anew = async () => (await answersOn(page)).filter(({ status }) => status === 200).map(({ path }) => path)
  await expect.poll(async () => (await anew()).slice(0, 2)).toEqual(['/runs', '/runs/chart'])
  await becomesIdle(page, ['#runs-chart', ...Array(5).fill('#runs')])

  // Another filter is another chart, whatever is remembered of the one before.
  await press(page.locator('#status-failed'))
  await expect.poll(() => page.locator('#runs-chart .runs-figure').innerText()).toMatch(/^1 run\b/)
  await press(page.locator('#status-all'))
  await expect.poll(() => page.locator('#runs-chart .runs-figure').innerText()).toMatch(/^61 runs/)
})

test('the other pages that ask again cost nothing while nothing happens', { timeout }, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{}])
  const page = await openPage()
  await page.addInitScript(recordAnswers)
  for (const [path, region] of [
    ['/', '#overview'],
    ['/orchestrator', '#agents'],
  ] as const) {
    await page.goto(dashboard.url + path)
    await becomesIdle(page, Array(3).fill(region))
  }
})
