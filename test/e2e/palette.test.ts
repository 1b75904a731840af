import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { expectAccessible } from '../support/browser/axe.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { openDashboard } from '../support/dashboard.ts'

const openPage = useBrowser()

async function registered(url: string, id: string, name: string) {
  const agent = await startAgent()
  const body = JSON.stringify({ agent_id: id, agent_name: name, agent_url: agent.url })
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  expect((await fetch(`${url}/orchestrator/register`, { method: 'POST', headers, body })).status).toBe(200)
}

const chosen = (page: Page) => page.locator('#palette [aria-selected=true]')

test('opened before the page is ready, it lists agents and runs all the same', async () => {
  const { url } = await openDashboard()
  await registered(url, 'writer', 'Article Writer')
  const page = await openPage()
  await page.addInitScript(`document.addEventListener('DOMContentLoaded', () => document.body.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true })))`)
  await page.goto(`${url}/system`)
  await page.locator('#palette').getByRole('option', { name: 'Article Writer' }).first().waitFor()
})

test('Enter counts when the list is there and nothing in it is chosen yet', async () => {
  const { url } = await openDashboard()
  const page = await openPage({ bypassCSP: true })
  await page.addInitScript(`document.addEventListener('htmx:after:swap', () => {
    if (document.getElementById('palette-list').dataset.typed !== 'settings') return
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  }, { capture: true })`)
  await page.goto(`${url}/runs`)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('settings')
  await page.waitForURL(`${url}/system`)
})

test('Ctrl K, three letters and Enter open the form of an agent; all else goes by keys, too', async () => {
  const { url } = await openDashboard()
  await registered(url, 'research-agent', 'Research Agent')
  await registered(url, 'writer', 'Article Writer')
  const page = await openPage({ bypassCSP: true, timezoneId: 'Asia/Kolkata' })
  // A page in another zone was asked for again.
  await page.goto(`${url}/runs`)
  await page.getByText('Times in IST').waitFor()
  const palette = page.getByRole('dialog', { name: 'Search or jump to' })

  await page.keyboard.press('Control+k')
  await page.keyboard.type('res')
  await page.keyboard.press('Enter')
  await page.locator('#dialog').getByText('Execute Research Agent').first().waitFor()
  expect(await palette.isVisible()).toBe(false)
  await page.keyboard.press('Escape')
  await page.locator('#dialog[open]').waitFor({ state: 'detached' })

  await page.getByRole('link', { name: 'Search or jump to' }).click()
  await palette.getByRole('option').first().waitFor()
  await expectAccessible(page)
  const [first, second] = (await palette.getByRole('option').allInnerTexts()) as [string, string]
  expect(await chosen(page).innerText()).toBe(first)
  await page.keyboard.press('ArrowDown')
  expect(await chosen(page).innerText()).toBe(second)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  expect(await chosen(page).innerText()).toBe((await palette.getByRole('option').allInnerTexts()).at(-1))
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'hidden' })

  // On a page without a search.
  await page.goto(`${url}/system`)
  await page.keyboard.press('/')
  await page.keyboard.type('>dark')
  await palette.getByRole('option', { name: 'Dark theme' }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('writer')
  await page.locator('#palette-list[data-typed=writer]').waitFor()
  const link = palette.getByRole('group', { name: 'Agents' }).getByRole('option', { name: 'Article Writer' })
  await link.hover()
  const [opened] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Control+Enter')])
  expect(opened.url()).toBe(`${url}/orchestrator/writer`)
  await link.click()
  await page.waitForURL('**/orchestrator/writer')
})
