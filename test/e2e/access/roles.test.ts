import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openWithUsers, typeLogin } from '../../support/access/in-browser.ts'
import { silence } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { pressAll } from '../../support/browser/controls.ts'
import { press } from '../../support/browser/press.ts'
import { copies, ofWriter, shows } from '../../support/browser/world.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { isOnPostgres } from '../../support/store/which.ts'

const openPage = useBrowser()
const timeout = 60_000
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] }

/** Which of what changes something is on the page, by its words. */
async function offered(page: Page): Promise<string[]> {
  const words = ['Execute', 'Remove', 'Register agent', 'Check now', 'Rerun', 'Edit…', 'Pause checks', 'Back up now']
  const there = await Promise.all(words.map((one) => page.getByText(one, { exact: true }).count()))
  return words.filter((_, index) => there[index]! > 0)
}

test('each role is offered what it may do, and nothing else', { timeout }, async () => {
  const { url, as, ...dashboard } = await openWithUsers(openPage, { ann: 'admin', olga: 'operator', vic: 'viewer' })
  await insertRuns(dashboard, [{ ...ofWriter, id: 'one' }])
  const pages = ['/orchestrator', '/orchestrator/writer', '/runs/one', '/system']
  const seen: Record<string, string[][]> = {}
  for (const name of ['vic', 'olga', 'ann']) {
    const page = await as(name)
    seen[name] = []
    for (const path of pages) {
      await page.goto(url + path)
      seen[name].push(await offered(page))
    }
  }
  expect(seen).toEqual({
    vic: [[], [], [], []],
    olga: [['Execute', 'Check now'], ['Execute', 'Check now'], ['Rerun'], []],
    ann: [
      ['Execute', 'Remove', 'Register agent', 'Check now'],
      ['Execute', 'Remove', 'Check now', 'Edit…', 'Pause checks'],
      ['Rerun'],
      isOnPostgres ? [] : ['Back up now'],
    ],
  })
})

test('whatever a viewer can press does something', { timeout }, async () => {
  const { url, as, agent, ...dashboard } = await openWithUsers(openPage, { ann: 'admin', vic: 'viewer' })
  await insertRuns(dashboard, [ofWriter, { ...ofWriter, status: 'failed', error_message: 'no' }])
  const page = await as('vic', clipboard)
  const at = (path: string) => () => page.goto(url + path)
  const copied = shows('button:text-is("Copied"), .copy[data-copied]')
  const copyAgent = { 'button Copy ID': copies('writer'), 'button Copy URL': copies(agent.url) }
  await pressAll(page, { open: at('/') })
  const more = { 'link More for Writer': shows('#row-menu button:text-is("Copy ID")') }
  await pressAll(page, { open: at('/orchestrator'), others: { ...copyAgent, ...more } })
  await pressAll(page, { open: at('/orchestrator/writer'), others: copyAgent })
  const run = ['Copy', 'Copy inputs', 'Copy run ID'].map((words) => [`button ${words}`, copied] as const)
  await pressAll(page, { open: at('/runs/run-1'), others: Object.fromEntries(run) })
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  expect(await page.getByText('Execute the agent').count()).toBe(0)
  await page.goto(`${url}/settings/users`)
  await page.getByRole('heading', { name: 'No access' }).waitFor()
})

test('an operator executes, reruns, checks and stops waiting, and the run says so', { timeout }, async () => {
  const { url, as, agent } = await openWithUsers(openPage, { ann: 'admin', olga: 'operator' })
  const page = await as('olga')
  await page.goto(`${url}/orchestrator`)
  await press(page.getByRole('button', { name: 'Check now' }))
  await page.locator('.toast.good').waitFor()
  await press(page.getByRole('button', { name: 'Execute Writer' }))
  await page
    .getByRole('dialog')
    .getByLabel(/^topic/)
    .fill('SQLite')
  await press(page.getByRole('dialog').getByRole('button', { name: 'Execute', exact: true }))
  await page.waitForURL(/\/runs\/[\da-f-]{36}$/)
  await page.locator('#run-status').getByText('Completed').waitFor()
  const first = page.url()
  agent.handlers.run = silence
  await press(page.getByRole('button', { name: 'Rerun', exact: true }))
  await page.waitForURL((address) => address.href !== first)
  await press(page.getByRole('button', { name: 'Stop waiting' }))
  await page.locator('#run-status').getByText('Cancelled').waitFor()
  await agent.close()
})

test('where anyone may look, the bar leads to the login, and what needs one does too', { timeout }, async () => {
  const env = { CONFIGURABLE_AGENTS_ANYONE_MAY_LOOK: 'yes' }
  const { url } = await openWithUsers(openPage, { ann: 'admin' }, { env })
  const page = await openPage({ viewport: { width: 375, height: 700 } })
  await page.goto(`${url}/orchestrator`)
  await page.locator('#agents tr[data-state]').waitFor()
  expect(await offered(page)).toEqual([])
  for (const width of [1024, 1001, 320, 375]) {
    await page.setViewportSize({ width, height: 700 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  }
  await page.getByRole('link', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Log in' }).waitFor()
  await page.goto(`${url}/settings/users`)
  await typeLogin(page, 'ann')
  await page.waitForURL(`${url}/settings/users`)
  expect(await page.getByRole('link', { name: 'Log in' }).count()).toBe(0)
})
