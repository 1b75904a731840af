import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8')

type Violation = { id: string; nodes: { target: string[]; failureSummary: string }[] }

/**
 * Checks the page as it is with every rule of axe, and the rules that look at colours in the other theme too. The page
 * has to be opened with `bypassCSP`.
 */
export async function expectAccessible(page: Page): Promise<void> {
  // Colours that are on their way to others are no theme's.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  if (await page.evaluate('typeof axe === "undefined"')) await page.evaluate(axe)
  await expectNoViolations(page, 'axe.run()', 'light colours')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNoViolations(page, "axe.run({ runOnly: ['color-contrast', 'link-in-text-block'] })", 'dark colours')
  await page.emulateMedia({ colorScheme: 'light' })
}

async function expectNoViolations(page: Page, run: string, theme: string): Promise<void> {
  const { violations } = await page.evaluate<{ violations: Violation[] }>(run)
  const found = violations.map(({ id, nodes }) => [
    id,
    nodes.map(({ target, failureSummary }) => [target, failureSummary]),
  ])
  expect(found, `${page.url()}, ${theme}`).toEqual([])
}
