import { expect, test } from 'vitest'
import { json, startAgent } from '../../support/agents/agent.ts'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { registerByHand } from '../../support/browser/registration.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()

/** Agents that are healthy, degraded, down, paused, and there by themselves. */
async function registerAgents(dashboard: string): Promise<void> {
  const [well, starting] = [await startAgent(), await startAgent({ health: json({ status: 'starting' }) })]
  const gone = await startAgent()
  const post = async (path: string, body = {}) => {
    const response = await fetch(dashboard + path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status, path).toBe(200)
  }
  const description = 'What it does'
  for (const [id, { url }] of Object.entries({ well, starting, paused: well, down: gone }))
    await post('/orchestrator/register', { agent_id: id, agent_name: id, agent_url: url, metadata: { description } })
  await post('/agents/register', { agent_id: 'self', agent_name: 'self', host: '127.0.0.1', port: well.port })
  await post('/orchestrator/paused/pause')
  await gone.close()
  for (const _ of [1, 2, 3]) await post('/orchestrator/down/check')
}

test('axe finds nothing in dialogs, menus and tips, nor in what comes of a form', { timeout: 90_000 }, async () => {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const page = await openPage({ bypassCSP: true })
  await page.goto(`${dashboard.url}/orchestrator`)
  await expectAccessible(page)
  await registerByHand(page, { url: agent.url, id: 'writer', name: 'Writer' })
  await page.getByRole('row').filter({ hasText: 'Healthy' }).waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Execute Writer' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('article_writer').waitFor()
  await dialog.getByRole('button', { name: 'Execute' }).click()
  await dialog.getByText('This input is required.').waitFor()
  await expectAccessible(page)
  await dialog.getByLabel(/^topic/).fill('SQLite')
  await dialog.getByRole('button', { name: 'Execute' }).click()
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
  await expectAccessible(page)

  await registerAgents(dashboard.url)
  await page.goto(`${dashboard.url}/orchestrator`)
  for (const word of ['Healthy', 'Degraded', 'Down', 'Paused'])
    await page.getByRole('row').filter({ hasText: word }).first().waitFor()
  const down = page.getByRole('row').filter({ hasText: 'Connection refused' })
  await down.getByRole('button', { name: 'Copy URL' }).focus()
  await page.keyboard.press('Tab')
  await page.locator('.tip.shown').filter({ hasText: 'Down' }).waitFor()
  await expectAccessible(page)
  await down.getByRole('link', { name: /^More for/ }).click()
  await page.getByText('Copy ID').waitFor()
  await expectAccessible(page)
})
