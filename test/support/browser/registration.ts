import type { Page } from 'playwright-core'
import { press } from './press.ts'

type Typed = { url?: string; id?: string; name?: string }

/** Shows the registration form on the page of the orchestrator: with agents it is in a dialog. */
export async function openRegistration(page: Page): Promise<void> {
  if (await page.locator('#register-form').isVisible()) return
  await press(page.getByRole('button', { name: 'Register agent' }))
  await page.locator('#register-form').waitFor()
}

export async function typeRegistration(page: Page, { url, id, name }: Typed): Promise<void> {
  await openRegistration(page)
  if (url !== undefined) await page.getByLabel('Agent URL').fill(url)
  if (id !== undefined) await page.getByLabel('Agent ID').fill(id)
  if (name !== undefined) await page.getByLabel('Agent name').fill(name)
}

export async function registerByHand(page: Page, typed: Typed): Promise<void> {
  await typeRegistration(page, typed)
  await page.getByRole('button', { name: 'Register', exact: true }).click()
}
