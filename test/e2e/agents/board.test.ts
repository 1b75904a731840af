import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()
const timeout = 60_000

async function openBoard(names: string[]) {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' } })
  const post = async (path: string, body: object = {}) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const response = await fetch(dashboard.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(response.status, path).toBe(200)
  }
  for (const name of names) {
    await post('/orchestrator/register', { agent_id: name.toLowerCase(), agent_name: name, agent_url: agent.url })
  }
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.evaluate('window.wasNeverReloaded = true')
  return { page, post }
}

const tab = (page: Page, word: string) => page.locator('#agents-tabs a').filter({ hasText: word })
const shows = (page: Page, ...names: string[]) =>
  expect.poll(() => page.locator('#agents .c-name a').allInnerTexts()).toEqual(names)
const addressIs = (page: Page, path: string) =>
  expect.poll(() => page.evaluate('location.pathname + location.search')).toBe(path)
const polled = (page: Page) => page.waitForResponse((answer) => answer.url().includes('/orchestrator/health-check'))

test('tabs and words show some of the agents, the address says which, and polls keep that', { timeout }, async () => {
  const { page, post } = await openBoard(['Alpha', 'Beta', 'Gamma'])
  await post('/orchestrator/gamma/pause')
  await shows(page, 'Alpha', 'Beta', 'Gamma')
  await press(tab(page, 'Paused'))
  await shows(page, 'Gamma')
  await addressIs(page, '/orchestrator?state=paused')
  await polled(page)
  await shows(page, 'Gamma')
  await post('/orchestrator/beta/pause')
  await shows(page, 'Beta', 'Gamma')

  await page.keyboard.press('/')
  await page.keyboard.type('gam')
  await shows(page, 'Gamma')
  await addressIs(page, '/orchestrator?state=paused&q=gam')
  expect(await page.evaluate('document.activeElement.value')).toBe('gam')
  await press(tab(page, 'All'))
  await addressIs(page, '/orchestrator?q=gam')
  await shows(page, 'Gamma')
  await page.locator('#search').focus()
  await page.keyboard.press('End')
  await page.keyboard.type('x')
  await page.getByText('No agents match.').waitFor()
  await polled(page)
  expect(await page.evaluate('document.activeElement.value')).toBe('gamx')
  expect(await page.evaluate('window.wasNeverReloaded')).toBe(true)

  await page.reload()
  expect(await page.locator('#search').inputValue()).toBe('gamx')
  await press(page.getByText('Show all agents'))
  await shows(page, 'Alpha', 'Beta', 'Gamma')
  await page.goBack()
  await page.goBack()
  await addressIs(page, '/orchestrator?state=paused&q=gam')
  await shows(page, 'Gamma')
})

test('a row whose state has changed is tinted once; scroll, focus and row heights stay', { timeout }, async () => {
  const long = 'W'.repeat(120)
  const names = Array.from({ length: 20 }, (_, index) => (index === 7 ? long : `Agent ${10 + index}`))
  const { page, post } = await openBoard(names)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await page.evaluate(`{
    window.tinted = []
    addEventListener('animationstart', ({ target }) => target.matches('tr') && tinted.push(target.id), { capture: true })
  }`)
  const last = page.getByRole('button', { name: 'Execute Agent 28' })
  await last.focus()
  await last.scrollIntoViewIfNeeded()
  const place = () => page.evaluate('[scrollY > 0, document.activeElement.ariaLabel]')
  expect(await place()).toEqual([true, 'Execute Agent 28'])
  await post(`/orchestrator/${encodeURIComponent('agent 15')}/pause`)
  await expect.poll(() => page.evaluate('tinted')).toEqual(['agent-agent%2015'])
  await polled(page)
  expect(await page.evaluate('tinted')).toEqual(['agent-agent%2015'])
  expect(await place()).toEqual([true, 'Execute Agent 28'])

  for (const [width, height] of [
    [1440, 56],
    [768, 56],
    [375, 65],
    [320, 65],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    const found = await page.evaluate(`({
      heights: [...new Set([...document.querySelectorAll('#agents tr[data-state]')].map((row) => row.offsetHeight))],
      sideways: document.documentElement.scrollWidth - innerWidth,
    })`)
    expect(found, `${width} px`).toEqual({ heights: [height], sideways: 0 })
  }
})

test('no row moves under the pointer or the focus: the order changes once they have left', { timeout }, async () => {
  const { page, post } = await openBoard(['Alpha', 'Beta', 'Gamma'])
  await shows(page, 'Alpha', 'Beta', 'Gamma')
  const state = (name: string) => page.getByRole('row', { name }).getAttribute('data-state')
  await page.getByText('gamma', { exact: true }).hover()
  await post('/orchestrator/alpha/pause')
  await expect.poll(() => state('Alpha')).toBe('Paused')
  await shows(page, 'Alpha', 'Beta', 'Gamma')
  expect(await page.locator('#agents tr.group').count()).toBe(1)
  await page.mouse.move(0, 0)
  await shows(page, 'Beta', 'Gamma', 'Alpha')

  await page.getByRole('button', { name: 'Execute Gamma' }).focus()
  await post('/orchestrator/beta/pause')
  await expect.poll(() => state('Beta')).toBe('Paused')
  await shows(page, 'Beta', 'Gamma', 'Alpha')
  await page.locator('#search').focus()
  await shows(page, 'Gamma', 'Alpha', 'Beta')
})

test('a row edits from its menu, executes by key or address, and removes on a phone too', { timeout }, async () => {
  const { page } = await openBoard(['Alpha'])
  const more = page.getByRole('link', { name: 'More for Alpha' })
  const item = (words: string) => page.locator('#row-menu').getByText(words)
  await press(more)
  await item('Copy URL').waitFor()
  await press(item('Edit…'))
  await page.getByRole('dialog').getByLabel('Agent name').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('More for Alpha')

  await page.keyboard.press('j')
  await page.keyboard.press('e')
  await page.getByRole('dialog', { name: 'Execute Alpha' }).waitFor()
  await page.goto(`${page.url()}?execute=alpha`)
  await page.getByRole('dialog', { name: 'Execute Alpha' }).waitFor()
  await page.keyboard.press('Escape')
  await page.waitForURL((url) => url.search === '')
  await page.setViewportSize({ width: 375, height: 800 })
  await page.getByRole('button', { name: 'Remove Alpha' }).click()
  await press(page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }))
  await page.getByText('Removed Alpha.').waitFor()
})

test('what an ellipsis hides is in the title once it is pointed at', { timeout }, async () => {
  const long = 'An-agent-whose-name-is-longer-than-the-column-of-names-is-wide'
  const { page } = await openBoard(['Alpha', long])
  await shows(page, 'Alpha', long)
  for (const [name, title] of [
    [long, long],
    ['Alpha', null],
  ] as const) {
    const link = page.locator('#agents .c-name a').filter({ hasText: name })
    // A poll that draws the row anew takes the title with it, until it is pointed at again.
    const pointed = async () => {
      await page.mouse.move(0, 0)
      await link.hover({ position: { x: 5, y: 5 } })
      return link.getAttribute('title')
    }
    await expect.poll(pointed).toBe(title)
  }
})
