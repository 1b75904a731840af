import { expect, test } from 'vitest'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { press } from '../../support/browser/press.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { insertStates, nodeState } from '../../support/runs/states.ts'

const openPage = useBrowser()
const report = 'The first offshore wind farm was built off the coast of Denmark in 1991.'

async function withRuns() {
  const dashboard = await openDashboard()
  await insertRuns(dashboard, [
    { id: 'one', outputs: JSON.stringify({ report, score: 1, old: [1, 2], same: true }), duration_seconds: 10 },
    {
      id: 'two',
      outputs: JSON.stringify({ report: report.replace('1991', '1992'), score: 2, same: true }),
      duration_seconds: 12,
    },
    { id: 'running', status: 'running' },
    { id: 'failed', status: 'failed', error_message: 'Out of tokens', inputs: '{"topic":"wind","tags":["a","b"]}' },
  ])
  await insertStates(dashboard, [
    { node: 'plan', data: nodeState('plan', 2), after: 3 },
    {
      node: 'write',
      data: { node_id: 'write', duration_seconds: 1, status: 'failed', error: 'API timeout' },
      after: 5,
    },
    { node: 'check', data: {}, after: 9 },
    { run: 'running', node: 'plan', data: nodeState('plan', 2), after: 125 },
  ])
  return dashboard
}

const tabs = ['', '?tab=json', '?tab=nodes']
const comparisons = ['/runs/compare?a=one&b=two', '/runs/compare?a=one&b=none', '/runs/compare']

test('axe finds nothing on the views of a run and on comparisons, and nothing scrolls sideways on a phone', {
  timeout: 60_000,
}, async () => {
  const dashboard = await withRuns()
  const page = await openPage({ bypassCSP: true })
  for (const path of [...tabs.map((tab) => `/runs/one${tab}`), '/runs/running', '/runs/failed', ...comparisons]) {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(dashboard.url + path)
    for (const summary of await page.locator('.nodes-state > details > summary').all()) await summary.click()
    if (path.endsWith('nodes')) await page.getByText('"API timeout"').waitFor()
    await expectAccessible(page)
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(320)
  }
})

test('a tab shows its view, and stays open, as it is, while its run goes on', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs/running`)
  await page.evaluate('window.isSamePage = true')
  await press(page.getByRole('link', { name: /^Nodes/ }))
  await page.waitForURL(/\?tab=nodes$/)
  await page.getByText('State of plan').click()
  const tree = page.locator('#state-4 .tree')
  await tree.getByText('"gemini-1.5-flash"').waitFor()
  await tree.locator('summary', { hasText: 'outputs' }).click()
  await insertStates(dashboard, [{ run: 'running', node: 'write', data: nodeState('write', 1), after: 130 }])
  await page.getByText('State of write').waitFor()
  expect(await tree.isVisible()).toBe(true)
  expect(await tree.locator('details', { hasText: 'outputs' }).last().getAttribute('open')).toBeNull()
  expect(await page.evaluate('window.isSamePage')).toBe(true)
})

test('a run is compared with the previous one by keyboard alone; an unknown id is said, and corrected', {
  timeout: 60_000,
}, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs/two`)
  await page.getByRole('button', { name: 'Compare' }).focus()
  await page.keyboard.press('Enter')
  const suggestion = page.getByRole('dialog').getByRole('link', { name: 'Previous run' })
  await suggestion.waitFor()
  await expect.poll(() => suggestion.evaluate((link) => link === link.ownerDocument.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/runs\/compare\?a=one&b=two$/)
  await page.getByRole('row', { name: 'Same same' }).waitFor()
  await page.getByLabel('Only differences').focus()
  await page.keyboard.press('Space')
  await page.getByRole('row', { name: 'Same same' }).waitFor({ state: 'hidden' })
  expect(await page.getByRole('row', { name: 'Changed score' }).isVisible()).toBe(true)

  await page.goto(`${dashboard.url}/runs/two`)
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByLabel('Run A').fill('none')
  await page.keyboard.press('Enter')
  await page.getByText('There is no run "none".').waitFor()
  await page.getByLabel('Run A').fill(`${dashboard.url}/runs/one`)
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('row', { name: 'Changed score' }).waitFor()
})

test('tabs, nodes, their states and comparing work without JavaScript', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage({ javaScriptEnabled: false })
  await page.goto(`${dashboard.url}/runs/one`)
  await page.getByText(report).waitFor()
  await page.getByRole('link', { name: /^Nodes/ }).click()
  await page.getByText('State of plan').click()
  await page.locator('#state-1').getByRole('link', { name: 'Raw' }).click()
  await page.getByText('gemini-1.5-flash').waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByLabel('Run A').fill('two')
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('heading', { name: 'Compare two runs' }).waitFor()
  await page.getByRole('row', { name: 'Changed score' }).waitFor()
})
