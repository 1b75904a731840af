import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startAgent } from '../support/agent.ts'
import { useBrowser } from '../support/browser.ts'
import { startDashboard } from '../support/process.ts'

const openPage = useBrowser()
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8')

type Violation = { id: string; nodes: { target: string[]; failureSummary: string }[] }

test.each(['light', 'dark'] as const)(
  'axe finds nothing on any page in %s colours',
  { timeout: 60_000 },
  async (colorScheme) => {
    const agent = await startAgent()
    const dashboard = await startDashboard()
    const page = await openPage({ colorScheme, bypassCSP: true })
    const expectNothing = async () => {
      await page.evaluate(axe)
      const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
      expect(
        violations.map(({ id, nodes }) => [id, nodes.map(({ target, failureSummary }) => [target, failureSummary])]),
      ).toEqual([])
    }
    await page.goto(`${dashboard.url}/orchestrator`)
    await expectNothing()
    await page.getByLabel('Agent URL').fill(agent.url)
    await page.getByLabel('Agent ID').fill('writer')
    await page.getByLabel('Agent name').fill('Writer')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('row').filter({ hasText: 'Healthy' }).waitFor()
    await expectNothing()
    await page.getByRole('button', { name: 'Execute Writer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('article_writer').waitFor()
    await dialog.getByRole('button', { name: 'Execute' }).click()
    await dialog.getByText('This input is required.').waitFor()
    await expectNothing()
    await dialog.getByLabel(/^topic/).fill('SQLite')
    await dialog.getByRole('button', { name: 'Execute' }).click()
    await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
    await expectNothing()
    for (const path of ['/', '/runs', '/no-such-page']) {
      await page.goto(dashboard.url + path)
      await expectNothing()
    }
  },
)
