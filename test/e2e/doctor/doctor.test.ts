import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openRegistration, registerByHand, typeRegistration } from '../../support/browser/registration.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { unusedPort } from '../../support/network/raw-server.ts'

const openPage = useBrowser()

const field = (page: Page, label: string) => page.getByLabel(label)
const checks = (page: Page) => page.locator('.check')
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const focused = (page: Page) => page.evaluate('document.activeElement.id')

async function testUrl(page: Page, url: string): Promise<void> {
  await typeRegistration(page, { url })
  await page.getByRole('button', { name: /^Test/ }).click()
  await page.getByRole('heading', { name: `Test of ${url}`, exact: true }).waitFor({ state: 'attached' })
}

test('the first agent: its URL is pasted, tested, registered and executed at once', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  for (const path of ['/', '/orchestrator']) {
    await page.goto(dashboard.url + path)
    await page.getByRole('heading', { level: 1, name: 'Connect your first agent' }).waitFor()
  }
  await page.getByText('Node', { exact: true }).click()
  await page.getByRole('button', { name: 'Copy' }).click()
  await page.getByText('Copied').waitFor()
  const copied = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(copied.trim().split('\n')).toHaveLength(15)
  expect(copied).toContain('// the body is the inputs themselves')

  // Whoever has typed no more than a URL wants it tested.
  await field(page, 'Agent URL').fill(agent.url)
  await field(page, 'Agent URL').press('Enter')
  await checks(page).nth(3).waitFor()
  expect(await page.locator('.check:is(.waiting, .bad)').count()).toBe(0)
  expect(await field(page, 'Agent ID').inputValue()).toBe('article-writer')
  expect(await field(page, 'Agent name').inputValue()).toBe('Article Writer')
  // What was filled in and then cleared is filled in again: it is empty.
  await field(page, 'Agent ID').fill('')
  await button(page, 'Test again').click()
  await expect.poll(() => field(page, 'Agent ID').inputValue()).toBe('article-writer')
  expect(await focused(page)).toBe('register-test')

  await button(page, 'Register and execute…').click()
  const dialog = page.locator('#dialog')
  await dialog.getByRole('heading', { name: 'Article Writer' }).waitFor()
  await dialog.getByLabel(/^topic/).waitFor()
  expect(agent.requests.filter(({ method }) => method === 'POST')).toEqual([])
  await page.keyboard.press('Escape')
  await openRegistration(page)
  expect(await field(page, 'Agent URL').inputValue()).toBe('')
  // Enter at a name registers.
  await typeRegistration(page, { url: agent.url, id: 'mine', name: 'Mine' })
  await field(page, 'Agent name').press('Enter')
  await page.locator('tbody tr').filter({ hasText: 'Mine' }).waitFor()
  expect(await page.locator('dialog[open]').count()).toBe(0)
})

test('an agent that registers itself appears on the first page, and what is typed stays', {
  timeout: 60_000,
}, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' } })
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await typeRegistration(page, { url: 'http://localhost:90', id: 'half' })
  await field(page, 'Description').fill('typed')
  await fetch(`${dashboard.url}/agents/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'self', agent_name: 'Self', host: '127.0.0.1', port: agent.port }),
  })
  await page.locator('tbody tr').filter({ hasText: 'Self' }).waitFor()
  await page.getByRole('heading', { level: 1, name: 'Orchestrator' }).waitFor()
  expect(await field(page, 'Agent ID').inputValue()).toBe('half')
  expect(await field(page, 'Description').inputValue()).toBe('typed')
  expect(await focused(page)).toBe('agent-description')
})

test('a URL that failed says why, and leads to the right one', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await testUrl(page, dashboard.url)
  await page.getByText('This is a dashboard like this one, not an agent.').first().waitFor()
  expect(await button(page, 'Register anyway').count()).toBe(0)

  await testUrl(page, `https://127.0.0.1:${agent.port}`)
  await page.locator('.check.bad').getByText('does not speak TLS').waitFor()
  await page.getByText('GET /schema, POST /run').waitFor()
  await page.getByRole('button', { name: `Use ${agent.url}` }).click()
  await page.locator('.check.good').nth(2).waitFor()
  expect(await field(page, 'Agent URL').inputValue()).toBe(agent.url)
})

test('a test under way holds up neither typing nor Register', { timeout: 60_000 }, async () => {
  let answer = () => {}
  const agent = await startAgent()
  const { health } = agent.handlers
  agent.handlers.health = (_, response) => {
    answer = () => response.end('{"status": "ok"}')
  }
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await field(page, 'Agent URL').fill(agent.url)
  await button(page, 'Test').click()
  await button(page, 'Testing…').waitFor()
  await button(page, 'Register').waitFor()
  await field(page, 'Agent ID').fill('typed')
  await field(page, 'Agent name').pressSequentially('Half')
  await expect.poll(() => agent.requests.length).toBe(1)
  answer()
  await checks(page).nth(3).waitFor()
  expect(await field(page, 'Agent ID').inputValue()).toBe('typed')
  expect(await field(page, 'Agent name').inputValue()).toBe('Half')
  expect(await focused(page)).toBe('agent-name')

  await button(page, 'Test again').click()
  await expect.poll(() => agent.requests.filter(({ url }) => url === '/health').length).toBe(2)
  agent.handlers.health = health
  await field(page, 'Agent name').press('Enter')
  await page.locator('tbody tr').filter({ hasText: 'Half' }).waitFor()
})

test('an agent that is down is saved on purpose', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  const gone = `http://127.0.0.1:${await unusedPort()}`
  await testUrl(page, gone)
  await page.locator('.check.bad').getByText('Connection refused').waitFor()
  // What was found is of that URL, not of another.
  await field(page, 'Agent URL').press('End')
  await field(page, 'Agent URL').pressSequentially('1')
  expect(await checks(page).count()).toBe(0)
  expect(await button(page, 'Register anyway').count()).toBe(0)
  await testUrl(page, gone)
  await page.locator('.check.bad').getByText('Connection refused').waitFor()
  expect(await field(page, 'Agent URL').getAttribute('aria-invalid')).toBe('true')
  // The browser asks for what is missing.
  await button(page, 'Register anyway').click()
  expect(await focused(page)).toBe('agent-id')
  await registerByHand(page, { id: 'writer', name: 'Writer' })
  await page.getByText('Cannot connect to agent').waitFor()
  await button(page, 'Register anyway').click()
  await page.locator('tbody tr').filter({ hasText: 'Writer' }).waitFor()
})

test('it works without JavaScript', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage({ javaScriptEnabled: false })
  await page.goto(dashboard.url)
  await testUrl(page, `localhost:${agent.port}`)
  await page.getByRole('button', { name: `Use http://localhost:${agent.port}` }).click()
  await checks(page).nth(3).waitFor()
  expect(await field(page, 'Agent name').inputValue()).toBe('Article Writer')
  await field(page, 'Agent name').press('Enter')
  await page.getByText('Registered Article Writer.').waitFor()

  const gone = `http://127.0.0.1:${await unusedPort()}`
  await testUrl(page, gone)
  await typeRegistration(page, { id: 'gone', name: 'Gone' })
  await button(page, 'Register anyway').click()
  await page.getByText('Registered Gone, but it does not work yet.').waitFor()
})

test('axe finds nothing on the first page, on a report and in the dialog', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage({ bypassCSP: true })
  const isFine = async () => {
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 800 })
      await expectAccessible(page)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
  }
  await page.goto(`${dashboard.url}/orchestrator`)
  await isFine()
  await testUrl(page, `${agent.url}/docs`)
  await isFine()
  await registerByHand(page, { url: agent.url, id: 'writer', name: 'Writer' })
  await page.locator('tbody tr').filter({ hasText: 'Writer' }).waitFor()
  await testUrl(page, dashboard.url)
  await isFine()
})
