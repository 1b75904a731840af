import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { api, buildTestApp, page } from '../../support/app.ts'

/** What stands in code in the table of searches. */
function examplesInReadme(): string[] {
  const rows = readFileSync('README.md', 'utf8').split('| search | finds runs |')[1]!.split('\n\n')[0]!
  const first = rows.split('\n').flatMap((row) => row.split(' | ')[0]!.match(/`[^`]+`/g) ?? [])
  return first.map((code) => code.slice(1, -1))
}

test('every search that README and the help of the page show is understood', async () => {
  const app = await buildTestApp()
  const { html } = await page(app, '/runs/search-help')
  const inHelp = html.querySelectorAll('.search-help dt code, .search-help dd code').map(({ text }) => text.trim())
  // Signs and names that something has to stand beside.
  const whole = inHelp.map((text) => (/^[<>=]+$/.test(text) ? `out.n${text}1` : text.endsWith(':') ? `${text}x` : text))
  expect(whole.length).toBeGreaterThan(15)
  const examples = examplesInReadme()
  expect(examples.length).toBeGreaterThan(20)
  for (const q of [...whole, ...examples]) {
    const { status, json } = await api(app, 'GET', `/runs?${new URLSearchParams({ q })}`)
    expect(status, `${q}: ${json.detail}`).toBe(200)
  }
})
