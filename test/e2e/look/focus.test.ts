import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { typeRegistration } from '../../support/browser/registration.ts'
import { ofWriter, openWorld } from '../../support/browser/world.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const openPage = useBrowser()
const timeout = 60_000

/** What has the focus, in its own words. */
const focused = (page: Page) =>
  page.evaluate<string>(
    "(({ localName, ariaLabel, textContent, id }) => [localName, ariaLabel || textContent.trim().slice(0, 30) || id].join(' '))(document.activeElement)",
  )
const expectFocus = (page: Page, words: string | RegExp) => expect.poll(() => focused(page)).toMatch(words)

async function register(page: Page, url: string, id: string, how: () => Promise<void>) {
  await typeRegistration(page, { url, id, name: id })
  await how()
  await page.locator('#agents').getByText(id, { exact: true }).first().waitFor()
}

test('the focus stays where one worked: after Register, Test, Clear, a removal and an answer of any kind', {
  timeout,
}, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await register(page, agent.url, 'first', () => pressWords(page, 'Register'))
  await register(page, agent.url, 'second', () => page.keyboard.press('Enter'))
  await expectFocus(page, 'a Register agent')
  await typeRegistration(page, { url: agent.url })
  await pressWords(page, 'Test')
  await page.locator('.checks').waitFor()
  await expectFocus(page, /^button Test/)
  await pressWords(page, 'Clear')
  await page.locator('.checks').waitFor({ state: 'detached' })
  await expectFocus(page, /^input .*agent-url/)
  await page.keyboard.press('Escape')

  const row = page.getByRole('row').filter({ hasText: 'second' })
  await press(row.getByText('Remove', { exact: true }))
  await press(page.getByRole('dialog').getByRole('button', { name: 'Remove' }))
  await row.waitFor({ state: 'detached' })
  await expectFocus(page, 'a first')
  await pressWords(page, 'Remove')
  await press(page.getByRole('dialog').getByRole('button', { name: 'Remove' }))
  await page.getByText('Connect your first agent').waitFor()
  await expectFocus(page, 'body')
})

test('the focus stays where one worked: filters, tabs, bulk actions', { timeout }, async () => {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [{ status: 'failed' }, {}, {}])
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs?status=failed&q=-zzz`)
  await press(page.locator('#status-all'))
  await expect.poll(() => page.locator('tr.run').count()).toBe(3)
  expect(await page.evaluate('document.activeElement.id')).toBe('status-all')
  await press(page.locator('#filter-clear'))
  await page.locator('#filter-clear').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate("document.activeElement.closest('#runs') !== null")).toBe(true)
  await press(page.locator('#run-run-1 .c-tick label'))
  await press(page.locator('#bulk').getByText('Delete', { exact: true }))
  await press(page.getByRole('dialog').getByText('Delete 1 run', { exact: true }))
  await page.getByText('1 run deleted').waitFor()
  await pressWords(page, 'Close')
  await page.getByText('1 run deleted').waitFor({ state: 'detached' })
  expect(await focused(page)).not.toMatch(/^body/)
})

test('what is said against a field goes when it is changed, and the others stay', { timeout }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await typeRegistration(page, { url: 'http://localhost:1', id: 'a', name: 'a' })
  await pressWords(page, 'Register')
  const refused = page.locator('#agent-url-error')
  await refused.waitFor()
  await page.getByLabel('Agent name').pressSequentially('b')
  expect(await refused.count()).toBe(1)
  await page.getByLabel('Agent URL').pressSequentially('2')
  expect(await refused.count()).toBe(0)
  expect(await page.getByLabel('Agent URL').getAttribute('aria-invalid')).toBeNull()
  expect(await page.getByLabel('Agent URL').getAttribute('aria-describedby')).toBeNull()

  await register(page, agent.url, 'writer', () => pressWords(page, 'Register'))
  await pressWords(page, 'Execute')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^topic/).waitFor()
  await press(dialog.getByRole('button', { name: 'Execute', exact: true }))
  const required = dialog.getByText('This input is required.')
  await required.waitFor()
  await page.keyboard.type('S')
  expect(await required.count()).toBe(0)
  expect(await dialog.getByLabel(/^topic/).getAttribute('aria-invalid')).toBeNull()
  expect(await dialog.getByLabel(/^topic/).getAttribute('aria-describedby')).toMatch(/-hint$/)
  // Said again when it is wrong again.
  await page.keyboard.press('Backspace')
  await press(dialog.getByRole('button', { name: 'Execute', exact: true }))
  await required.waitFor()
})

test('keys lead to the sections, the search and the help', { timeout }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/system`)
  for (const [keys, path] of [
    ['go', '/orchestrator'],
    ['gh', '/'],
    ['gr', '/runs'],
  ] as const) {
    await page.keyboard.type(keys)
    await page.waitForURL(`${dashboard.url}${path}`)
  }
  await page.keyboard.type('/')
  await expectFocus(page, /^input search/)
  await page.goto(`${dashboard.url}/system`)
  await page.keyboard.type('/')
  await expectFocus(page, /^input Search or jump to/)
  await page.keyboard.press('Escape')
  await page.locator('#palette').waitFor({ state: 'hidden' })
  await page.keyboard.type('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
})

/** The element with the focus, where something around it cuts its ring off. */
const cutRing = `(() => {
  const { activeElement } = document
  const { outlineStyle, outlineOffset, outlineWidth } = getComputedStyle(activeElement)
  if (outlineStyle === 'none') return ''
  const reach = parseFloat(outlineOffset) + parseFloat(outlineWidth) - 1
  const ring = activeElement.getBoundingClientRect()
  for (let around = activeElement.parentElement; around && around !== document.body; around = around.parentElement) {
    if (getComputedStyle(around).overflowX === 'visible') continue
    const box = around.getBoundingClientRect()
    const isCut = box.top > ring.top - reach || box.bottom < ring.bottom + reach || box.left > ring.left - reach
    if (isCut) return around.className + ': ' + activeElement.outerHTML.slice(0, 80)
  }
  return ''
})()`

test('the ring around what has the focus is whole', { timeout: 60_000 }, async () => {
  const { page, at } = await openWorld(openPage, [{ ...ofWriter, id: 'well' }])
  await page.setViewportSize({ width: 768, height: 900 })
  for (const path of ['/', '/orchestrator', '/orchestrator/writer', '/runs', '/runs/well', '/system', '/docs/api']) {
    await at(path)()
    const found: string[] = []
    for (let press = 0; press < 30; press++) {
      await page.keyboard.press('Tab')
      found.push(await page.evaluate<string>(cutRing))
    }
    expect(found.filter(Boolean), path).toEqual([])
  }
})
