import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { registerByHand } from '../../support/browser/registration.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()
const hostile = `<img src=x onerror="window.wasRun=true">"'&lt;</textarea><script>window.wasRun=true</script>`

async function expectNothingRan(page: Page) {
  expect(await page.evaluate('window.wasRun')).toBeUndefined()
  expect(await page.locator('main img, dialog img, main script').count()).toBe(0)
}

test('what agents and people write is shown as text, on every page', { timeout: 60_000 }, async () => {
  const agent = await startAgent({
    schema: json({
      workflow: hostile,
      inputs: { [hostile]: { type: hostile, required: false, default: hostile, description: hostile } },
      outputs: [],
    }),
    run: json({ status: 'success', outputs: { [hostile]: hostile } }),
  })
  const dashboard = await openDashboard({ env: { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '0.3' } })
  const page = await openPage()
  await page.goto(`${dashboard.url}/orchestrator`)
  await page.getByLabel('Description').fill(hostile)
  await registerByHand(page, { url: agent.url, id: hostile.replaceAll('/', '|'), name: hostile })
  // A poll may show the row while the page is still on its way there.
  await page.locator('.toast').waitFor()
  await page.getByRole('row').filter({ hasText: 'Healthy' }).waitFor()
  await expectNothingRan(page)

  await page.getByRole('button', { name: /^Execute/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Set/ }).click()
  await dialog.getByRole('textbox').waitFor()
  expect(await dialog.getByRole('textbox').inputValue()).toBe(hostile)
  await dialog.getByRole('button', { name: /^Write .* as JSON/s }).click()
  await expect.poll(() => dialog.getByRole('textbox').inputValue()).toBe(JSON.stringify(hostile))
  await dialog.getByRole('textbox').fill('not JSON </textarea>')
  await dialog.getByRole('button', { name: 'Execute' }).click()
  await dialog.getByText('This is not valid JSON').waitFor()
  await expectNothingRan(page)
  await dialog.getByRole('textbox').fill(JSON.stringify(hostile))
  await dialog.getByRole('button', { name: 'Execute' }).click()
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  await expectNothingRan(page)
  expect(JSON.parse(agent.requests.find(({ url }) => url === '/run')!.body)).toEqual({ [hostile]: hostile })

  for (const path of ['/', '/runs']) {
    await page.goto(dashboard.url + path)
    await expectNothingRan(page)
  }
})
