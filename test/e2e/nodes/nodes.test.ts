import { expect, test } from 'vitest'
import { expectAccessible } from '../../support/browser/axe.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { insertStates, nodeState } from '../../support/runs/states.ts'

const openPage = useBrowser()
const report = 'The first offshore wind farm was built off the coast of Denmark in 1991.'

async function withRuns() {
  const dashboard = await openDashboard()
  insertRuns(dashboard, [
    { id: 'one', outputs: JSON.stringify({ report, score: 1, old: [1, 2], same: true }), duration_seconds: 10 },
    {
      id: 'two',
      outputs: JSON.stringify({ report: report.replace('1991', '1992'), score: 2, same: true }),
      duration_seconds: 12,
    },
    { id: 'running', status: 'running' },
  ])
  insertStates(dashboard, [
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

test('axe finds nothing on nodes and comparisons', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage({ bypassCSP: true })
  await page.goto(`${dashboard.url}/runs/one`)
  for (const summary of await page.locator('.nodes-state > details > summary').all()) await summary.click()
  await page.getByText('"API timeout"').waitFor()
  await expectAccessible(page)
  await page.goto(`${dashboard.url}/runs/compare?a=one&b=two`)
  await expectAccessible(page)
  await page.goto(`${dashboard.url}/runs/compare?a=one&b=none`)
  await expectAccessible(page)
})

test('on a narrow screen nothing scrolls sideways', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage({ viewport: { width: 375, height: 800 } })
  for (const path of ['/runs/one', '/runs/compare?a=one&b=two', '/runs/compare']) {
    await page.goto(dashboard.url + path)
    expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(375)
  }
})

test('a state that was opened stays open, and as it is, while its run goes on', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs/running`)
  await page.getByText('State of plan').click()
  const tree = page.locator('#state-4 .tree')
  await tree.getByText('"gemini-1.5-flash"').waitFor()
  await tree.locator('summary', { hasText: 'outputs' }).click()
  insertStates(dashboard, [{ run: 'running', node: 'write', data: nodeState('write', 1), after: 130 }])
  await page.getByText('State of write').waitFor()
  expect(await tree.isVisible()).toBe(true)
  expect(await tree.locator('details', { hasText: 'outputs' }).last().getAttribute('open')).toBeNull()
})

test('a run is compared with the one before it by keyboard alone', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs/two`)
  await page.getByRole('button', { name: 'Compare with…' }).focus()
  await page.keyboard.press('Enter')
  const suggestion = page.getByRole('dialog').getByRole('link', { name: 'The run before it' })
  await suggestion.waitFor()
  await expect.poll(() => suggestion.evaluate((link) => link === link.ownerDocument.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/runs\/compare\?a=one&b=two$/)
  await page.getByRole('row', { name: 'Same same' }).waitFor()
  await page.getByLabel('Only differences').focus()
  await page.keyboard.press('Space')
  await page.getByRole('row', { name: 'Same same' }).waitFor({ state: 'hidden' })
  expect(await page.getByRole('row', { name: 'Changed score' }).isVisible()).toBe(true)
})

test('an id that nobody knows is said in the form, and corrected there', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage()
  await page.goto(`${dashboard.url}/runs/two`)
  await page.getByRole('button', { name: 'Compare with…' }).click()
  await page.getByLabel('Run A').fill('none')
  await page.keyboard.press('Enter')
  await page.getByText('There is no run "none".').waitFor()
  await page.getByLabel('Run A').fill(`${dashboard.url}/runs/one`)
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByText('What has changed from A to B').waitFor()
})

test('nodes, their states and comparing work without JavaScript', { timeout: 60_000 }, async () => {
  const dashboard = await withRuns()
  const page = await openPage({ javaScriptEnabled: false })
  await page.goto(`${dashboard.url}/runs/one`)
  await page.getByText('State of plan').click()
  await page.locator('#state-1').getByRole('link', { name: 'Raw' }).click()
  await page.getByText('gemini-1.5-flash').waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Compare with…' }).click()
  await page.getByLabel('Run A').fill('two')
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByText('What has changed from A to B').waitFor()
})
