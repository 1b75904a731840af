import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

type Violation = { id: string; nodes: { target: string[]; failureSummary: string }[] }

/**
 * Checks the page as it is with every rule of axe, and the rules that look at colours in the other theme too. The page
 * has to be opened with `bypassCSP`.
 */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page), page.url()).toEqual([])
}

/** What would move though nobody wants motion, whatever is pointed at or opened next. */
const moving = `[...document.querySelectorAll('*')].flatMap((element) =>
  ['', '::before', '::after', '::backdrop'].flatMap((part) => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element, part || null)
    const isStill = animationName === 'none' && /^[0s, ]*$/.test(transitionDuration) && scrollBehavior === 'auto'
    return isStill ? [] : element.localName + '.' + element.classList + part + ' moves'
  }),
).concat(document.getAnimations().map(({ effect }) => effect.target.outerHTML.slice(0, 80) + ' is moved'))`

/** What axe finds, with where and why, and what moves without motion. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Colours that are on their way to others are no theme's.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  if (await page.evaluate('typeof axe === "undefined"')) await page.evaluate(axe)
  const light = await run(page, "{ rules: { 'target-size': { enabled: true } } }", 'light')
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await run(page, "{ runOnly: ['color-contrast', 'link-in-text-block'] }", 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark, ...(await page.evaluate<string[]>(moving))]
}

/** What passed is not told, and only what did not is named: to describe all of it takes axe longer than all of its rules. */
async function run(page: Page, options: string, theme: string): Promise<string[]> {
  const violations = (describing: string) =>
    page.evaluate<Violation[]>(
      `axe.run({ ${describing}, resultTypes: ['violations'], ...${options} }).then(({ violations }) => violations)`,
    )
  if ((await violations('selectors: false')).length === 0) return []
  return (await violations('selectors: true')).flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}, ${theme} colours: ${target.join(' ')}: ${failureSummary}`),
  )
}
