import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'

const openPage = useBrowser()

test('in forced colours a bar under its word says which section is open', { timeout: 60_000 }, async () => {
  const dashboard = await openDashboard()
  const page = await openPage({ forcedColors: 'active' })
  for (const [path, word] of [
    ['/', 'Overview'],
    ['/orchestrator', 'Orchestrator'],
    ['/runs', 'Runs'],
  ]) {
    await page.goto(`${dashboard.url}${path}`)
    const sections = await page.evaluate<[string, string, boolean][]>(`
      [...document.querySelectorAll('.sections a')].map((link) => {
        const { backgroundColor, height } = getComputedStyle(link, '::after')
        const isDrawn = backgroundColor !== getComputedStyle(document.querySelector('.bar')).backgroundColor
        return [link.firstChild.textContent.trim(), getComputedStyle(link).outlineStyle, isDrawn && parseFloat(height) >= 4]
      })`)
    const open = sections.filter(([, , isMarked]) => isMarked)
    expect(open, `at ${path}`).toEqual([[word, 'none', true]])
  }
})
