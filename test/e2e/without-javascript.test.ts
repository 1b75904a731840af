import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser/browser.ts'
import { openDashboard } from '../support/dashboard.ts'
import { startSampleAgent } from '../support/process.ts'

const openPage = useBrowser()

test('registering, executing, filtering and removing work without JavaScript', { timeout: 60_000 }, async () => {
  const agent = await startSampleAgent('summarizer')
  const dashboard = await openDashboard()
  const page = await openPage({ javaScriptEnabled: false })

  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByLabel('Agent URL').fill('http://127.0.0.1:99999')
  await page.getByLabel('Agent ID').fill('summarizer')
  await page.getByLabel('Agent name').fill('Summarizer')
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByText('Port 99999 does not exist').waitFor()
  expect(await page.getByLabel('Agent ID').inputValue()).toBe('summarizer')
  await page.getByLabel('Agent URL').fill(agent.url)
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByText('Registered Summarizer.').waitFor()
  // The form is below the list now, for the next agent.
  await page
    .getByRole('link', { name: 'Register agent' })
    .or(page.getByRole('button', { name: 'Register agent' }))
    .click()
  await page.getByLabel('Agent URL').fill(agent.url)
  await page.getByLabel('Agent ID').fill('second')
  await page.getByLabel('Agent name').fill('Second')
  await page.getByRole('button', { name: 'Register and execute…' }).click()
  await page.waitForURL(/\/orchestrator\/second\/execute$/)
  await page.getByLabel(/^text/).waitFor()
  await page.goto(`${dashboard.url}/orchestrator/second/remove`)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()

  await page.getByRole('button', { name: 'Execute Summarizer' }).click()
  await page.getByRole('button', { name: 'Execute' }).click()
  await page.getByText('This input is required.').waitFor()
  await page.getByLabel(/^text/).fill('One sentence.')
  await page.getByRole('button', { name: 'Execute' }).click()
  await page.getByRole('heading', { name: 'summarize_text on Summarizer' }).waitFor()

  await page.goto(`${dashboard.url}/runs`)
  await page.locator('#menu-agents > summary').click()
  await page.getByRole('checkbox', { name: 'Local runs' }).check()
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByText('No run matches').waitFor()
  await page.locator('#menu-agents > summary').click()
  await page.getByRole('checkbox', { name: 'Local runs' }).uncheck()
  await page.getByRole('checkbox', { name: 'Summarizer' }).check()
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('cell', { name: 'summarize_text' }).waitFor()

  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByRole('button', { name: 'Remove Summarizer' }).click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Removed Summarizer. Its runs stay.').waitFor()
  await page.getByText('Connect your first agent').waitFor()
})
