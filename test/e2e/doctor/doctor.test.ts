import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { unusedPort } from '../../support/network/raw-server.ts'
import { startTlsServer } from '../../support/network/tls-server.ts'

const openPage = useBrowser()

const field = (page: Page, label: string) => page.getByLabel(label)
const line = (page: Page, title: string) =>
  page.locator('.check').filter({ has: page.getByText(title, { exact: true }) })

async function testUrl(page: Page, url: string): Promise<void> {
  await field(page, 'Agent URL').fill(url)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByRole('heading', { name: `Test of ${url}`, exact: true }).waitFor()
}

test('a pasted URL is tested, named and registered', { timeout: 60_000 }, async () => {
  const agent = await startAgent({ openApi: json({ info: {}, paths: { '/run': { post: {} } } }) })
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await testUrl(page, agent.url)
  await page.getByText('All passed').waitFor()
  expect(await page.locator('.check-verdict').allTextContents()).toEqual(Array(8).fill('Pass'))
  expect(await field(page, 'Agent ID').inputValue()).toBe('article-writer')
  expect(await field(page, 'Agent name').inputValue()).toBe('Article Writer')
  expect(await page.evaluate('document.activeElement.id')).toBe('register-test')
  // What was filled in and then cleared is filled in again: it is empty.
  await field(page, 'Agent ID').fill('')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await expect.poll(() => field(page, 'Agent ID').inputValue()).toBe('article-writer')
  await field(page, 'Agent name').fill('Mine')
  await field(page, 'Agent name').press('Enter')
  await page.getByRole('row').filter({ hasText: 'Mine' }).waitFor()
  await page.locator('.check').first().waitFor({ state: 'detached' })
  expect(await field(page, 'Agent URL').inputValue()).toBe('')
  expect(agent.requests.filter(({ method }) => method === 'POST')).toEqual([])
})

test('each kind of trouble is told, with the way out', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const tls = await startTlsServer((_, response) => response.end('{"status": "ok"}'))
  const web = await startAgent({ health: (_, response) => response.end('<!doctype html><h1>Hello</h1>') })
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)

  await testUrl(page, `http://127.0.0.1:${tls.port}`)
  await line(page, 'HTTP').getByText(`Try https://127.0.0.1:${tls.port}.`).waitFor()
  await testUrl(page, web.url)
  await line(page, '/health').getByText('This looks like a web page').waitFor()
  await testUrl(page, dashboard.url)
  await line(page, 'Not a dashboard').getByText('Agents listen on another port').waitFor()
  expect(await page.getByRole('button', { name: 'Register anyway' }).count()).toBe(0)

  await testUrl(page, `https://127.0.0.1:${agent.port}`)
  await line(page, 'HTTP').getByText('does not speak TLS').waitFor()
  await page.getByRole('button', { name: `Test ${agent.url}` }).click()
  await page.getByText('All passed').waitFor()
  expect(await field(page, 'Agent URL').inputValue()).toBe(agent.url)
})

test('the button is busy at once, and what is typed meanwhile stays', { timeout: 60_000 }, async () => {
  let answer = () => {}
  const agent = await startAgent({
    health: (_, response) => {
      answer = () => response.end('{"status": "ok"}')
    },
  })
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await field(page, 'Agent URL').fill(agent.url)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByRole('button', { name: 'Testing…' }).waitFor()
  await page.getByRole('button', { name: 'Register', exact: true }).waitFor()

  await field(page, 'Agent ID').fill('typed')
  await field(page, 'Agent name').pressSequentially('Half')
  await expect.poll(() => agent.requests.length).toBe(1)
  answer()
  await page.getByText('All passed').waitFor()
  expect(await field(page, 'Agent ID').inputValue()).toBe('typed')
  expect(await field(page, 'Agent name').inputValue()).toBe('Half')
  expect(await page.evaluate('document.activeElement.id')).toBe('agent-name')
})

test('Register does not wait for a test that is under way', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const { health } = agent.handlers
  agent.handlers.health = () => {
    agent.handlers.health = health
  }
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await field(page, 'Agent URL').fill(agent.url)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await expect.poll(() => agent.requests.length).toBe(1)
  await field(page, 'Agent ID').fill('writer')
  await field(page, 'Agent name').fill('Writer')
  await field(page, 'Agent name').press('Enter')
  await page.getByRole('row').filter({ hasText: 'Writer' }).waitFor()
  await page.getByRole('button', { name: 'Test', exact: true }).waitFor()
  expect(await field(page, 'Agent URL').inputValue()).toBe('')
})

test('an agent that is down is saved on purpose', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  const gone = `http://127.0.0.1:${await unusedPort()}`
  await testUrl(page, gone)
  await line(page, 'Port').getByText('Is it running? Start it, then test again.').waitFor()
  // The browser asks for what is missing.
  await page.getByRole('button', { name: 'Register anyway' }).click()
  expect(await page.evaluate('document.activeElement.id')).toBe('agent-id')
  await field(page, 'Agent ID').fill('writer')
  await field(page, 'Agent name').fill('Writer')
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByText('Cannot connect to agent').waitFor()
  await page.getByRole('button', { name: 'Register anyway' }).click()
  await page.getByRole('row').filter({ hasText: 'Writer' }).waitFor()
})

test('it works without JavaScript', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage({ javaScriptEnabled: false })
  await page.goto(`${dashboard.url}/orchestrator`)
  await testUrl(page, `localhost:${agent.port}`)
  await page.getByRole('button', { name: `Test http://localhost:${agent.port}` }).click()
  await page.getByText('All passed').waitFor()
  expect(await field(page, 'Agent name').inputValue()).toBe('Article Writer')
  await field(page, 'Agent name').press('Enter')
  await page.getByText('Registered Article Writer.').waitFor()

  const gone = `http://127.0.0.1:${await unusedPort()}`
  await testUrl(page, gone)
  await field(page, 'Agent ID').fill('gone')
  await field(page, 'Agent name').fill('Gone')
  await page.getByRole('button', { name: 'Register anyway' }).click()
  await page.getByText('Registered Gone.').waitFor()
})

test.each([1280, 375])('axe finds nothing on a report that is %i px wide', { timeout: 60_000 }, async (width) => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage({ bypassCSP: true, viewport: { width, height: 800 } })
  await page.goto(`${dashboard.url}/orchestrator`)
  for (const url of [agent.url, `${agent.url}/docs`, dashboard.url]) {
    await testUrl(page, url)
    await expectAccessible(page)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
})
