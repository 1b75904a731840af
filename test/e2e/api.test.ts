import { expect, test } from 'vitest'
import { useBrowser } from '../support/browser/browser.ts'
import { openDashboard } from '../support/dashboard.ts'

const openPage = useBrowser()

test('a request of the API is opened by its words, and its command is copied', async () => {
  const { url } = await openDashboard()
  const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(`${url}/runs`)
  await page.getByRole('contentinfo').getByRole('link', { name: 'API' }).click()
  await page.getByRole('navigation', { name: 'API' }).getByRole('link', { name: 'Runs' }).click()
  const rerun = page.locator('#post-runs-id-rerun')
  await rerun.getByText('Run again with the same inputs').click()
  await rerun.getByRole('button', { name: 'Copy command' }).click()
  await rerun.locator('button[data-copied]').waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(/^curl -X POST .*\/rerun'$/)
})
