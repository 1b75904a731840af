import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { register } from '../support/app.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { press } from '../support/browser/press.ts'
import { openDashboard } from '../support/dashboard.ts'

const openPage = useBrowser()

test('a poll that is answered late does not take back what was chosen meanwhile', async () => {
  const agent = await startAgent()
  const { app, url } = await openDashboard()
  await register(app, agent.url, 'writer')
  const page = await openPage()
  await page.goto(`${url}/orchestrator/writer`)
  let answer = () => {}
  const asked = new Promise<void>((resolve) => {
    page.route(`${url}/orchestrator/writer`, async (route) => {
      const response = await route.fetch({ headers: { ...route.request().headers(), 'if-none-match': '' } })
      resolve()
      await new Promise<void>((go) => {
        answer = go
      })
      await route.fulfill({ response }).catch(() => {})
    })
  })
  await page.evaluate("htmx.trigger('#agent', 'refresh')")
  await asked
  await press(page.getByRole('link', { name: '7 d' }))
  const chosen = page.getByRole('link', { name: '7 d' }).and(page.locator('[aria-current]'))
  await chosen.waitFor()
  answer()
  // Whatever was answered has been taken in by then.
  await page.evaluate('fetch("/healthz").then(() => new Promise(requestAnimationFrame))')
  expect(await chosen.count()).toBe(1)
})

test('no poll begins while what was chosen is on its way', async () => {
  const agent = await startAgent()
  const { app, url } = await openDashboard()
  await register(app, agent.url, 'writer')
  const page = await openPage()
  await page.goto(`${url}/orchestrator/writer`)
  let answer = () => {}
  const asked = new Promise<void>((resolve) => {
    page.route(/range=7d$/, async (route) => {
      resolve()
      await new Promise<void>((go) => {
        answer = go
      })
      await route.continue()
    })
  })
  await press(page.getByRole('link', { name: '7 d' }))
  await asked
  const polls: string[] = []
  page.on('request', (request) => polls.push(request.url()))
  await page.evaluate("htmx.trigger('#agent', 'refresh', { isLook: true })")
  answer()
  await page.getByRole('link', { name: '7 d' }).and(page.locator('[aria-current]')).waitFor()
  expect(polls.filter((one) => one.endsWith('/orchestrator/writer'))).toEqual([])
})
