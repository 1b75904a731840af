import type { Page } from 'playwright-core'
import type { ActorRole } from '../../../src/shared/role.ts'
import { startAgent } from '../agents/agent.ts'
import { register } from '../app.ts'
import type { useBrowser } from '../browser/browser.ts'
import { openDashboard } from '../dashboard.ts'
import { addUser, passwordOf } from './people.ts'

type Options = Parameters<typeof openDashboard>[0]

/** A dashboard with an agent and these users, and a way to open pages as one of them. */
export async function openWithUsers(
  openPage: ReturnType<typeof useBrowser>,
  users: Record<string, ActorRole>,
  options: Options = {},
) {
  const agent = await startAgent()
  const dashboard = await openDashboard({ passwordLogCost: 4, ...options })
  await register(dashboard.app, agent.url, 'writer', 'Writer')
  for (const [name, role] of Object.entries(users)) await addUser(dashboard.app, name, role)
  const as = async (name: string, given: Parameters<typeof openPage>[0] = {}) => {
    const page = await openPage(given)
    await page.goto(`${dashboard.url}/login`)
    await typeLogin(page, name)
    await page.waitForURL(`${dashboard.url}/`)
    return page
  }
  return { ...dashboard, agent, as }
}

export async function typeLogin(page: Page, name: string, password = passwordOf(name)): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}
