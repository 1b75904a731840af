import type { Page } from 'playwright-core'
import { json, startAgent } from '../agents/agent.ts'
import { openDashboard } from '../dashboard.ts'
import type { useBrowser } from './browser.ts'
import { press } from './press.ts'

/** A page on which the execute dialog of an agent with these inputs was opened. */
export async function openExecuteDialog(openPage: ReturnType<typeof useBrowser>, inputs: object, expected?: RegExp) {
  const agent = await startAgent({ schema: json({ workflow: 'article_writer', inputs, outputs: [] }) })
  const dashboard = await openDashboard()
  await fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }),
  })
  const page = await openPage({}, expected)
  await page.goto(`${dashboard.url}/orchestrator`)
  const dialog = page.getByRole('dialog')
  const open = async () => {
    await press(page.getByRole('button', { name: 'Execute Writer' }))
    await dialog.getByText('article_writer').waitFor()
  }
  await open()
  const set = async (name: string) => {
    await press(page.getByRole('button', { name: `Set ${name}` }))
    await page.locator(`[name="v:/${name}"]:focus`).waitFor()
  }
  /** What the agent got, once the run has completed. */
  const executed = async () => {
    await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor()
    return agent.requests.findLast(({ url }) => url === '/run')!.body
  }
  return { agent, dashboard, page, dialog, open, set, executed }
}

export const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.name + " " + document.activeElement.value')

export const pressExecute = (page: Page): Promise<void> =>
  press(page.getByRole('button', { name: 'Execute', exact: true }))
