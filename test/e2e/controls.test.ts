import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { json, silence } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { press } from '../support/browser/press.ts'
import { hides, inAddress, isChecked, ofWriter, openWorld, shows, toast } from '../support/browser/world.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { insertStates, nodeState } from '../support/runs/states.ts'
import { isOnPostgres } from '../support/store/which.ts'

// Everything that can be pressed on these pages is pressed here by its words. A new button that no rule judges makes
// these tests fail until it is named with what it does.

const openPage = useBrowser()
const timeout = 120_000

test('the bar on top, the help and the overview', { timeout }, async () => {
  const { agent, dashboard, page, at, walk, post } = await openWorld(openPage, [
    { ...ofWriter, status: 'failed', error_message: 'no' },
    { ...ofWriter, total_cost_usd: 1 },
    { ...ofWriter, status: 'running' },
    {},
  ])
  await walk({
    open: at('/'),
    within: '.bar',
    others: {
      'button System theme': shows('[data-theme-switch][title="Light theme"]'),
      'link Search or jump to… Ctrl K': shows('#palette[open]'),
    },
  })
  await at('/')()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content')
  const help = async () => {
    await at('/')()
    await press(page.getByRole('button', { name: 'Keyboard shortcuts' }))
  }
  await walk({
    open: help,
    within: 'dialog',
    others: { 'checkbox Single-key shortcuts Letters, / and ? ac': shows('#help :not(:checked)') },
  })
  await walk({ open: at('/'), others: { 'button Check now': toast } })
  await walk({ open: at('/'), within: '[aria-labelledby="runs-title"] .figure, .page-foot' })
  await walk({ open: at('/no-such-page') })
  await walk({ open: at('/docs/api'), within: '.head' })
  await press(page.locator('.settings-side a').last())
  await inAddress(/#./)(page)
  await press(page.locator('.api-group summary').first())
  await shows('.api-group details[open] .api-body')(page)
  const { health } = agent.handlers
  const down = async () => {
    agent.handlers.health = json({ status: 'no' }, 500)
    for (const _ of [1, 2, 3]) await post('/orchestrator/writer/check', {})
    await insertRuns(dashboard, [
      { ...ofWriter, id: crypto.randomUUID(), status: 'failed', started_at: toDatetime(Date.now()) },
    ])
    agent.handlers.health = health
    await at('/')()
  }
  await walk({ open: down, within: '.trouble a' })
  await press(page.locator('.trouble').getByText('Check'))
  await page.locator('.toast').getByText('Writer:').waitFor()
  await at('/')()
  await page.keyboard.press('Control+k')
  await press(page.locator('#palette button').filter({ hasText: 'Esc' }))
  await hides('#palette')(page)
})

test('the overview of an empty history', { timeout }, async () => {
  const { dashboard, page, at, walk } = await openWorld(openPage)
  await walk({ open: at('/'), others: { 'button Check now': toast } })
  await fetch(`${dashboard.url}/orchestrator/writer`, { method: 'DELETE' })
  await page.evaluate("htmx.trigger('#overview', 'refresh')")
  await press(page.getByText('Register an agent'))
  await page.waitForURL('**/orchestrator')
  await insertRuns(dashboard, [{ ...ofWriter, started_at: toDatetime(Date.now() - 3 * 86_400_000) }])
  await walk({ open: at('/'), within: '.nothing' })
})

test('the list of runs, its filter and its menus', { timeout }, async () => {
  const { dashboard, page, at, walk } = await openWorld(openPage, [
    ofWriter,
    ofWriter,
    { status: 'failed' },
    { status: 'running' },
  ])
  const list = async () => {
    await at('/runs')()
    await page.locator('#runs-chart svg a').first().waitFor()
  }
  await walk({
    open: list,
    others: {
      'checkbox Select all runs of this page': isChecked('.sel-all input, input[name="run"]'),
      'checkbox Select run run-#': isChecked('input[name="run"]'),
    },
  })
  const opened = (menu: string) => async () => {
    await at('/runs')()
    await press(page.locator(`#menu-${menu} > summary`))
    await page.locator(`#menu-${menu} > :not(summary)`).waitFor()
  }
  let address = ''
  const column = async (page: Page) => {
    await expect.poll(() => page.url()).toMatch(/columns=/)
    await expect.poll(() => page.url()).not.toBe(address)
    address = page.url()
  }
  const columns = [
    'Status',
    'Run ID',
    'Agent ID',
    'Workflow',
    'Started',
    'Started by',
    'Ended',
    'Duration',
    'Tokens',
    'Cost',
    'Error',
  ]
  await walk({
    open: opened('columns'),
    within: '#menu-columns .panel',
    others: Object.fromEntries(columns.map((name) => [`checkbox ${name}`, column])),
    stays: true,
  })
  await walk({ open: opened('export'), within: '#menu-export .menu' })
  await walk({
    open: opened('agents'),
    within: '#menu-agents .panel',
    others: {
      'checkbox writer Writer': inAddress('agent=writer'),
      'checkbox Local runs no agent': inAddress('agent='),
    },
  })
  await walk({ open: opened('time'), within: '#menu-time .panel' })
  const sorted = async (page: Page) => {
    await page.locator('#filter-sort').selectOption('cost')
    await inAddress('sort=cost')(page)
  }
  await walk({ open: opened('more'), within: '#menu-more .panel', others: { 'select Order': sorted } })
  await walk({ open: at('/runs?q=-zzz&status=completed&longer=x&time=week'), within: '.filterbar > a' })
  await walk({ open: at('/runs?q=zzz'), within: '.empty' })
  await walk({ open: at('/runs/chart') })
  await at('/runs?columns=status&columns=id')()
  await press(page.locator('tr.run .c-id').first())
  await inAddress(/\/runs\/run-\d/)(page)
  await page.goBack()
  await page.locator('tr.run').first().waitFor()
  await press(page.locator('tr.run .c-tick label').first())
  for (const key of ['Tab', 'Enter']) await page.keyboard.press(key)
  await inAddress(/\/runs\/run-\d/)(page)
  await insertRuns(
    dashboard,
    Array.from({ length: 60 }, (_, index) => ({ ...ofWriter, id: `older-${index}` })),
  )
  const older = async () => {
    await at('/runs')()
    await press(page.getByText('Older', { exact: true }))
    await page.getByText('Newer', { exact: true }).waitFor()
  }
  await walk({ open: older, within: '.pager' })
})

test('what can be done with selected runs', { timeout }, async () => {
  const { dashboard, page, at, walk, post } = await openWorld(openPage, Array(4).fill(ofWriter))
  const ticked = (count: number) => async () => {
    await insertRuns(dashboard, [{ ...ofWriter, id: crypto.randomUUID(), started_at: toDatetime(Date.now()) }])
    await at('/runs')()
    for (let index = 0; index < count; index++) await press(page.locator('tr.run .c-tick label').nth(index))
  }
  const others = {
    'checkbox all #': shows('.sel-n:text("All pages")'),
    'button Clear the selection': hides('#bulk'),
  }
  await walk({ open: ticked(1), within: '#bulk', others })
  await walk({ open: ticked(2), within: '#bulk', others: { ...others, 'button Compare': inAddress('/runs/compare') } })
  const asked = (action: string) => async () => {
    await ticked(1)()
    await press(page.locator('#bulk').getByText(action, { exact: true }))
    await page.getByRole('dialog').locator('.dialog-foot .button').first().waitFor()
    await expect.poll(() => page.locator('[aria-busy]').count()).toBe(0)
  }
  const begins = shows('.bulk-job')
  await walk({ open: asked('Rerun'), within: 'dialog', others: { 'button Rerun # run': begins } })
  await walk({ open: asked('Delete'), within: 'dialog', others: { 'button Delete # run': begins } })
  await walk({ open: asked('Stop waiting'), within: 'dialog' })
  const done = async () => {
    const local = crypto.randomUUID()
    await insertRuns(dashboard, [{ id: local, inputs: '{}' }])
    const run_ids = ['run-0', 'run-1', local]
    const { bulk_id: id } = await post('/runs/bulk', { action: 'rerun', run_ids, confirm: true })
    await at('/runs')()
    await page.locator(`#bulk-job-${id} button`).filter({ hasText: 'Close' }).waitFor()
  }
  await walk({ open: done, within: '.bulk-job', others: { 'button Close': hides('.bulk-job') } })
  const explained = async () => {
    await done()
    await press(page.locator('.bulk-job summary').first())
  }
  await walk({ open: explained, within: '.bulk-job li a' })
})

test('a bulk action is stopped by its button', { timeout }, async () => {
  const { agent, at, walk, post } = await openWorld(openPage, Array(400).fill(ofWriter))
  agent.handlers.run = silence
  const { bulk_id: id } = await post('/runs/bulk', { action: 'rerun', filter: 'status=completed', confirm: true })
  const others = { 'button Stop': shows('.bulk-note:text("Stopped")') }
  await walk({ open: at(`/runs/bulk/${id}`), others })
  await agent.close()
})

test('the page of a run, its nodes, and comparing', { timeout }, async () => {
  const { agent, dashboard, page, at, walk, post } = await openWorld(openPage, [
    ofWriter,
    { ...ofWriter, outputs: '{"report":"x","list":[1]}' },
  ])
  await insertStates(dashboard, [{ run: 'run-0', node: 'plan', data: nodeState('plan', 2), after: 3 }])
  const { run_id: id } = await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
  await at(`/runs/${id}`)()
  await page.getByText('Completed').first().waitFor()
  const copied = shows('button:text-is("Copied"), .copy[data-copied]')
  const copies = Object.fromEntries(
    ['as curl', 'inputs', 'run ID', 'trace ID'].map((what) => [`button Copy ${what}`, copied]),
  )
  const rerun = { 'button Rerun': inAddress(new RegExp(`/runs/(?!${id})`)) }
  await walk({ open: at(`/runs/${id}`), others: { ...copies, ...rerun, 'button Copy': copied } })
  const views = {
    'button Copy': copied,
    'radio Text': hides('#run [data-view="tree"] >> nth=0'),
    'radio Tree': shows('#run [data-view="tree"]'),
  }
  await walk({ open: at('/runs/run-0?tab=json'), within: '.payload', others: views })
  await walk({ open: at('/runs/run-0?tab=nodes'), within: '.nodes-region' })
  const node = async () => {
    await at('/runs/run-0?tab=nodes')()
    await press(page.locator('.nodes-region summary').first())
    await page.locator('.nodes-region details[open] .tree').first().waitFor()
  }
  await walk({ open: node, within: '.nodes-region details[open]' })
  await page.route('**/states/*/view*', (route) => route.fulfill({ status: 503, headers: { 'hx-reswap': 'none' } }))
  await at('/runs/run-0?tab=nodes')()
  await press(page.locator('.nodes-region summary').first())
  await press(page.locator('.nodes-region details[open]').getByText('Raw'))
  await inAddress(/\/runs\/run-0\/states\//)(page)
  await page.unroute('**/states/*/view*')
  await walk({ open: at('/runs/run-0/nodes') })
  await insertRuns(dashboard, [{ ...ofWriter, id: 'slow', bottleneck_info: '{"slowest": "plan"}' }])
  await walk({ open: at('/runs/slow?tab=nodes'), within: '.bottleneck' })
  await walk({ open: at(`/runs/${id}?tab=exchange`), within: '.exchange' })

  const error_message = 'Cannot connect to agent at http://localhost:1: connection refused. Is it running?'
  // Since then the agent was not seen.
  const completed_at = '2099-01-01 00:00:00.000000'
  await insertRuns(dashboard, [
    { ...ofWriter, id: 'refused', status: 'failed', error_message, completed_at },
    { ...ofWriter, id: 'refused-before', status: 'failed', error_message },
  ])
  const refreshed = page.waitForRequest(
    (request) => request.url().endsWith('/runs/refused') && 'hx-request' in request.headers(),
  )
  await walk({ open: at('/runs/refused'), within: '.why', others: { 'button Check Writer': toast } })
  await refreshed
  await walk({ open: at('/runs/refused'), within: '.mini' })
  const unresolved = error_message.replace('connection refused', 'could not resolve localhost')
  await insertRuns(dashboard, [
    { ...ofWriter, id: 'unresolved', status: 'failed', error_message: unresolved, completed_at },
  ])
  await walk({ open: at('/runs/unresolved'), within: '.why a.link' })
  const links = ['https://a.example/1', 'https://b.example/2']
  const outputs = { links, page: links[0], list: Array(400).fill('x'), text: `${links[1]} ${'word\n'.repeat(20_000)}` }
  await insertRuns(dashboard, [{ ...ofWriter, id: 'long', outputs: JSON.stringify(outputs) }])
  const strings = (one: Page) => one.locator('.output .json-string').count()
  const more = { 'link Show more': (one: Page) => expect.poll(() => strings(one)).toBeGreaterThan(200) }
  await walk({ open: at('/runs/long'), within: '.output', others: more })
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`value_${index}`, index])))
  const inputs = JSON.stringify(Array(400).fill('x'))
  await insertRuns(dashboard, [{ ...ofWriter, id: 'many', inputs, outputs: many }])
  await walk({ open: at('/runs/many'), within: 'p.more' })
  await insertStates(
    dashboard,
    Array.from({ length: 201 }, (_, index) => ({ run: 'many', node: `n${index}`, data: nodeState('x', 1) })),
  )
  await walk({ open: at('/runs/many?tab=nodes'), within: '.nodes-region > .more' })
  const asText = async () => {
    await at('/runs/long?tab=json')()
    for (const words of await page.locator('.payload-head').getByText('Text').all()) await press(words)
  }
  await walk({ open: asText, within: '.payload .more' })

  agent.handlers.run = silence
  const running = async () => {
    const { run_id } = await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
    await at(`/runs/${run_id}`)()
  }
  await walk({
    open: running,
    within: '.head-end',
    others: { 'button Stop waiting': shows('#run-status :text("Cancelled")') },
  })
  const queued = async () => {
    for (let slot = 0; slot < 4; slot++) await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
    await running()
    await page.getByText('Queued').first().waitFor()
  }
  await walk({ open: queued, within: '.progress-more' })
  const compared = { 'checkbox Only differences': hides('.differences:has(:checked) .same') }
  await walk({ open: at('/runs/compare?a=run-0&b=run-1'), others: compared })
  await walk({ open: at('/runs/compare?a=run-0&b=run-1'), within: '.compared-facts thead' })
  await walk({ open: at('/runs/compare?b=run-1'), others: { 'button Compare': inAddress('a=&b=run-1') } })
  await agent.close()
})

test('the page of the system', { timeout }, async () => {
  const { page, at, walk } = await openWorld(openPage, [ofWriter])
  const backup = isOnPostgres ? {} : { 'button Back up now': shows('#download') }
  await walk({ open: at('/system'), others: backup })
  if (isOnPostgres) return
  await at('/system')()
  await page.locator('#download').waitFor()
})
