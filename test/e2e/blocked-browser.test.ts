import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser/browser.ts'
import { press, pressWords } from '../support/browser/press.ts'
import { type OpenDashboard, openDashboard } from '../support/dashboard.ts'
import { insertRuns } from '../support/runs/runs.ts'

const openPage = useBrowser()
const timeout = 60_000
const outputs = JSON.stringify({ text: 'first line\nsecond line', emoji: '🙂', long: 'x'.repeat(70_000) })

/** Shows the dashboard under a name that is not localhost, over plain http: browsers give such pages no clipboard. */
async function openElsewhere(page: Page, dashboard: OpenDashboard, path: string): Promise<void> {
  await page.route('http://dashboard.example/**', async (route) => {
    const { pathname, search } = new URL(route.request().url())
    await route.fulfill({ response: await route.fetch({ url: dashboard.url + pathname + search }) })
  })
  await page.goto(`http://dashboard.example${path}`)
}

test('without a clipboard, Copy shows the whole text, selected', { timeout }, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{ outputs }])
  const page = await openPage({}, /Cross-Origin-Opener-Policy/)
  await openElsewhere(page, dashboard, '/runs/run-0?tab=json')
  expect(await page.evaluate('isSecureContext')).toBe(false)
  await pressWords(page, 'Copy')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Press Ctrl C to copy').waitFor()
  expect(await page.evaluate('getSelection().toString()')).toBe(outputs)
  expect(await page.evaluate('document.activeElement.localName')).toBe('pre')
  await press(dialog.getByRole('button', { name: 'Close' }))
  expect(await dialog.count()).toBe(0)
})

test('with a clipboard, Copy says so; what cannot be fetched is not copied', { timeout }, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{ outputs }])
  const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  // What a button says for a while stays until the test lets time pass.
  await page.clock.install()
  await page.goto(`${dashboard.url}/runs/run-0?tab=json`)
  await page.clock.pauseAt(Date.now() + 60_000)
  const says = (word: string) => page.getByRole('button', { name: word, exact: true }).waitFor()
  await pressWords(page, 'Copy')
  await says('Copied')
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(outputs)
  await page.clock.runFor(1000)
  await page.evaluate('navigator.clipboard.writeText("")')
  await pressWords(page, 'Copied')
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(outputs)
  await page.clock.runFor(1000)
  await says('Copied')
  await page.clock.runFor(1500)
  await says('Copy')
  await page.route('**/runs/run-0/outputs', (route) => route.fulfill({ status: 410, body: 'gone' }))
  await pressWords(page, 'Copy')
  await says('Failed')
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(outputs)
})

test('with cookies and storage blocked, every page works; the theme lasts as long as the page', {
  timeout,
}, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{ outputs }])
  const page = await openPage()
  // What Chromium and Firefox do with blocked cookies; what is thrown there would fail this test.
  await page.addInitScript(`
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
      Object.defineProperty(window, name, { get() { throw new DOMException('The operation is insecure.', 'SecurityError') } })
    Object.defineProperty(Document.prototype, 'cookie', { get() { throw new DOMException('no', 'SecurityError') } })
  `)
  for (const path of ['/', '/orchestrator', '/runs', '/runs/run-0', '/system']) {
    await page.goto(dashboard.url + path)
    const theme = page.locator('[data-theme-switch]')
    await expect.poll(() => theme.getAttribute('title')).toBe('System theme')
    await press(theme)
    await expect.poll(() => theme.getAttribute('title')).toBe('Light theme')
  }
})
