import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser/browser.ts'
import { openRegistration, registerByHand } from '../support/browser/registration.ts'
import { startDashboard, startSampleAgent } from '../support/process.ts'
import { statusesIn } from '../support/runs/stored.ts'

const openPage = useBrowser()
/** Polled and checked every 0.3 seconds instead of every ten, so that the tests do not wait for nothing. */
const quickly = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' }

const row = (page: Page, name: string) => page.locator('tbody tr').filter({ hasText: name })

test('the main job, from registering an agent to reading its run after it is gone', { timeout: 60_000 }, async () => {
  const agent = await startSampleAgent('summarizer')
  const dashboard = await startDashboard({ env: quickly })
  const page = await openPage({ reducedMotion: 'no-preference' })
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByText('Connect your first agent').waitFor()

  await registerByHand(page, { url: agent.url, id: 'summarizer', name: 'Summarizer' })
  await row(page, 'Summarizer').getByText('Healthy').waitFor()
  await page.getByText('Registered Summarizer.').waitFor()
  await openRegistration(page)
  expect(await page.getByLabel('Agent URL').inputValue()).toBe('')

  // Nothing is reloaded from here to the next goto: a mark on the window would be gone.
  await page.evaluate('window.isSamePage = true')
  await page.getByLabel('Agent name').fill('half-typed')
  await agent.stop()
  await row(page, 'Summarizer').getByText('Down').waitFor({ timeout: 25_000 })
  await row(page, 'Summarizer').getByText('Connection refused').waitFor()
  const again = await startSampleAgent('summarizer', agent.port)
  await row(page, 'Summarizer').getByText('Healthy').waitFor()
  expect(await page.getByLabel('Agent name').inputValue()).toBe('half-typed')
  expect(await page.evaluate('document.activeElement.id')).toBe('agent-name')
  expect(await page.evaluate('window.isSamePage')).toBe(true)

  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Execute Summarizer' }).click()
  const dialog = page.locator('#dialog')
  await dialog.getByText('summarize_text').waitFor()
  await dialog.getByLabel(/^text/).fill('Agents work. They are watched by this dashboard. Nothing is lost.')
  await dialog.getByRole('button', { name: 'Set max_sentences' }).click()
  await dialog.getByRole('textbox', { name: /^max_sentences/ }).fill('one')
  await dialog.getByRole('button', { name: 'Execute' }).click()
  await dialog.getByText('Enter a whole number.').waitFor()
  expect(await page.evaluate('document.activeElement.name')).toBe('v:/max_sentences')
  expect(await dialog.getByLabel(/^text/).inputValue()).toContain('Nothing is lost.')
  await dialog.getByRole('textbox', { name: /^max_sentences/ }).fill('1')
  await dialog.getByRole('textbox', { name: /^max_sentences/ }).press('Control+Enter')

  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  await page.getByRole('heading', { name: 'summarize_text on Summarizer' }).waitFor()
  const runId = page.url().split('/').at(-1)!

  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#menu-agents > summary').click()
  await page.getByLabel('Summarizer').check()
  await page.waitForURL(/agent=summarizer/)
  await row(page, 'summarize_text').waitFor()

  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByRole('button', { name: 'Remove Summarizer' }).click()
  await dialog.getByText('Its 1 run stays in the history.').waitFor()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Connect your first agent').waitFor()
  await page.goto(`${dashboard.url}/runs/${runId}`)
  await page.getByRole('article', { name: 'Result' }).getByText('word_count').waitFor()

  expect(await statusesIn(dashboard.db)).toEqual(['completed'])
  await again.stop()
})

test('a run that the agent takes to the background is followed to its end by its page', {
  timeout: 60_000,
}, async () => {
  const agent = await startSampleAgent('researcher', 0, '--seconds', '1')
  const dashboard = await startDashboard({ env: quickly })
  const page = await openPage({ reducedMotion: 'no-preference' })
  await page.goto(`${dashboard.url}/orchestrator`)
  await registerByHand(page, { url: agent.url, id: 'research-agent', name: 'Research Agent' })
  await page.getByRole('button', { name: 'Execute Research Agent' }).click()
  await page
    .getByRole('dialog')
    .getByLabel(/^topic/)
    .fill('SQLite')
  await page.getByRole('dialog').getByRole('button', { name: 'Execute' }).click()
  await page.getByText('Running in the background').waitFor()
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
})

test('an agent that cannot be reached is told beside the field, and what was typed stays', async () => {
  const agent = await startSampleAgent('summarizer')
  await agent.stop()
  const dashboard = await startDashboard()
  const page = await openPage({ reducedMotion: 'no-preference' })
  await page.goto(`${dashboard.url}/orchestrator`)
  await registerByHand(page, { url: agent.url, id: 'nobody', name: 'Nobody' })
  await page.getByText(`Cannot connect to agent at ${agent.url}: connection refused`).waitFor()
  expect(await page.getByLabel('Agent URL').getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByLabel('Agent ID').inputValue()).toBe('nobody')
  await page.getByText('Connect your first agent').waitFor()

  await page.getByRole('link', { name: 'Clear' }).click()
  await page.getByText('Cannot connect').waitFor({ state: 'detached' })
  expect(await page.getByLabel('Agent ID').inputValue()).toBe('')
})
