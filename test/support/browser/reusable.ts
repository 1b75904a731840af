import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { recordControls } from './recorded.ts'

/** A page in a profile of its own. Another profile costs as much processor time as two pages to load. */
export type Reusable = {
  page: Page
  /** Makes page and profile as they were. Resolves to whether that can be done. */
  clear(): Promise<boolean>
}

/** What stays with a page for as long as there is one. */
const lasting = ['addInitScript', 'exposeFunction', 'exposeBinding', 'emulateMedia', 'setViewportSize'] as const

export async function createReusable(browser: Browser, options: BrowserContextOptions): Promise<Reusable> {
  const context = await browser.newContext(options)
  if (options.javaScriptEnabled !== false) await recordControls(context)
  const page = await context.newPage()
  let isSpoilt = false
  const spoils =
    <Given extends unknown[], Result>(method: (...given: Given) => Result) =>
    (...given: Given) => {
      isSpoilt = true
      return method(...given)
    }
  for (const name of lasting) Object.assign(page, { [name]: spoils(page[name].bind(page) as () => unknown) })
  page.clock.install = spoils(page.clock.install.bind(page.clock))
  page.route = spoils(page.route.bind(page))
  context.on('page', () => {
    isSpoilt = true
  })
  let origins = new Set<string>()

  function watch(): void {
    origins = new Set()
    page.on('framenavigated', (frame) => {
      if (frame.url() !== 'about:blank') origins.add(new URL(frame.url()).origin)
    })
  }

  watch()
  return {
    page,
    async clear() {
      page.removeAllListeners()
      // The storage of a server that was visited before is out of reach.
      if (isSpoilt || page.isClosed() || origins.size !== 1 || origins.has('null')) return false
      if (options.javaScriptEnabled !== false) await page.evaluate('{ localStorage.clear(); sessionStorage.clear() }')
      await page.goto('about:blank')
      await page.mouse.move(-1, -1)
      await context.clearCookies()
      watch()
      return true
    },
  }
}
