import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { ofWriter, openWorld } from '../../support/browser/world.ts'

const openPage = useBrowser()
const timeout = 120_000
const sizes = [
  { width: 375, height: 667 },
  { width: 768, height: 1024 },
]

/** What a finger can hardly hit: smaller than 24 px, and neither in a sentence, nor of a row or a chart that is hit as a whole. */
const tooSmall = `[...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen, .search, .plot'))
  .filter((element) => getComputedStyle(element, '::after').position !== 'absolute')
  .filter((element) => {
    const { width, height } = (element.closest('label') ?? element).getBoundingClientRect()
    const isInSentence = element.closest('p, li')?.textContent.trim().length > 2 * element.textContent.trim().length
    return Math.min(width, height) < 24 && !isInSentence
  })
  .map((element) => element.outerHTML.slice(0, 120))`

test('what is tapped is large enough on every page', { timeout }, async () => {
  const { page, at } = await openWorld(openPage, [
    { ...ofWriter, id: 'well' },
    { ...ofWriter, id: 'failed', status: 'failed', error_message: 'No key' },
  ])
  const paths = [
    '/',
    '/orchestrator',
    '/orchestrator/writer',
    '/orchestrator/writer/execute',
    '/orchestrator/writer/edit',
  ]
  const others = ['/runs', '/runs/well', '/runs/failed', '/runs/compare?a=well&b=failed', '/docs/api']
  const settings = ['/system', '/system/checks', '/settings/users', '/settings/tokens', '/settings/audit']
  const found: string[] = []
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const path of [...paths, ...others, ...settings]) {
      await at(path)()
      const small = await page.evaluate<string[]>(tooSmall)
      found.push(...small.map((one) => `${path}, ${size.width} px: ${one}`))
    }
  }
  expect(found).toEqual([])
})

/** Whether a finger gets there: it is on the screen, and nothing lies above it. */
async function expectInReach(page: Page, target: Locator): Promise<void> {
  const { x, y, width, height } = (await target.boundingBox())!
  const hit = `document.elementFromPoint(${x + width / 2}, ${y + height / 2})`
  const isHit = await target.evaluate(
    (element, found) => element.contains(found as never),
    await page.evaluateHandle(hit),
  )
  expect(isHit).toBe(true)
}

test('a finger executes an agent, above the keyboard of the phone, and gets to what menus hold', {
  timeout,
}, async () => {
  const { dashboard } = await openWorld(openPage)
  for (const size of sizes) {
    const page = await openPage({ viewport: size, hasTouch: true, isMobile: true })
    await page.goto(`${dashboard.url}/orchestrator`)
    await page.getByLabel('Execute Writer').tap()
    const dialog = page.getByRole('dialog')
    const topic = dialog.getByLabel(/^topic/)
    await topic.tap()
    // The keyboard takes its part of the screen.
    await page.setViewportSize({ ...size, height: size.height - 300 })
    await page.keyboard.type('Heat pumps')
    await expectInReach(page, topic)
    const execute = dialog.getByRole('button', { name: 'Execute', exact: true })
    await expectInReach(page, execute)
    await execute.tap()
    await page.waitForURL(/\/runs\/[\da-f-]{36}$/)
    await page.setViewportSize(size)
    await page.getByText('An article').first().waitFor()

    await page.getByRole('navigation', { name: 'Sections' }).getByText('Orchestrator').tap()
    await page.getByLabel('More for Writer').tap()
    await page.locator('.menu').getByText('Runs of this agent').tap()
    await page.waitForURL(/\/runs\?agent=writer/)
    await page.locator('[data-opens-palette]').tap()
    await page.getByRole('combobox', { name: 'Search or jump to' }).fill('writer')
    await page
      .getByRole('option', { name: /Writer/ })
      .first()
      .tap()
    await page.getByRole('dialog', { name: 'Execute Writer' }).waitFor()
  }
})
