import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { toDatetime } from '../../src/store/sqlite/sql/datetime.ts'
import { silence, startAgent } from '../support/agents/agent.ts'
import { useBrowser } from '../support/browser/browser.ts'
import { pressAll, type Walk } from '../support/browser/controls.ts'
import { press } from '../support/browser/press.ts'
import { openDashboard } from '../support/dashboard.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'
import { insertStates, nodeState } from '../support/runs/states.ts'

// Everything that can be pressed on any page is pressed here by its words. A new button that no rule judges makes these
// tests fail until it is named with what it does.

const openPage = useBrowser()
const timeout = 60_000
const text = JSON.stringify({ report: '# Title\n\nSome *words* of a report.', list: [1, 2, { a: 1 }] })
const ofWriter: StoredRun = { agent_id: 'writer', workflow_name: 'writer', inputs: '{"topic":"x"}', outputs: text }

async function openWorld(runs: StoredRun[] = []) {
  const agent = await startAgent()
  const dashboard = await openDashboard()
  const post = async (path: string, body: object) => {
    const response = await fetch(dashboard.url + path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status, path).toBeLessThan(300)
    return (await response.json()) as { run_id: string; bulk_id: string }
  }
  const register = (id: string) =>
    post('/orchestrator/register', { agent_id: id, agent_name: 'Writer', agent_url: agent.url })
  await register('writer')
  const now = Date.now()
  insertRuns(
    dashboard,
    runs.map((run, index) => ({ started_at: toDatetime(now - (index + 1) * 600_000), ...run })),
  )
  const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  const at = (path: string) => () => page.goto(dashboard.url + path)
  return { agent, dashboard, page, post, register, at, walk: (walk: Walk) => pressAll(page, walk) }
}

const shows = (selector: string) => (page: Page) => page.locator(selector).filter({ visible: true }).first().waitFor()
const hides = (selector: string) => (page: Page) =>
  expect.poll(() => page.locator(selector).filter({ visible: true }).count()).toBe(0)
const toast = shows('.toast.good, .toast.working')
const inAddress = (part: string | RegExp) => (page: Page) =>
  expect.poll(() => decodeURIComponent(page.url())).toMatch(part)
const isChecked = (selector: string) => (page: Page) =>
  expect.poll(() => page.locator(selector).first().isChecked()).toBe(true)
const copies = (wanted: string) => (page: Page) =>
  expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(wanted)
const focuses = (id: string) => (page: Page) => expect.poll(() => page.evaluate('document.activeElement.id')).toBe(id)

test('the bar on top, the help and the overview', { timeout }, async () => {
  const { page, at, walk } = await openWorld([{ ...ofWriter, status: 'failed', error_message: 'no' }, ofWriter, {}])
  await walk({
    open: at('/'),
    within: '.bar',
    others: {
      'button System theme': shows('[data-theme-switch][title="Light theme"]'),
      'link Search or jump # Ctrl K': shows('#palette[open]'),
    },
  })
  await at('/')()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content')
  const help = async () => {
    await at('/')()
    await press(page.getByRole('button', { name: 'Help' }))
  }
  await walk({ open: help, within: 'dialog' })
  await walk({ open: at('/'), others: { 'button Check now': toast } })
  await walk({ open: at('/no-such-page') })
})

test('the overview of an empty history', { timeout }, async () => {
  const { at, walk } = await openWorld()
  await walk({ open: at('/'), others: { 'button Check now': toast } })
})

test('the orchestrator', { timeout }, async () => {
  const { agent, page, at, walk, post, register } = await openWorld()
  const row = page.locator('#agents tr[data-state]')
  await walk({
    open: at('/orchestrator'),
    others: {
      'button Check now': toast,
      'button Copy ID': copies('writer'),
      'button Copy URL': copies(agent.url),
      'link More for Writer': shows('#row-menu button:text-is("Copy ID")'),
    },
  })
  const withMenu = async () => {
    await at('/orchestrator')()
    await press(page.getByRole('link', { name: 'More for Writer' }))
    await page.getByText('Copy ID').waitFor()
  }
  await walk({
    open: withMenu,
    within: '#row-menu',
    others: {
      'button Check now': toast,
      'button Copy ID': copies('writer'),
      'button Copy URL': copies(agent.url),
      'button Pause checks': shows('#agents .state .cut:text("Paused")'),
    },
  })
  await post('/orchestrator/writer/resume', {})
  const removing = async () => {
    await register('gone')
    await at('/orchestrator')()
    await press(row.filter({ hasText: 'gone' }).getByText('Remove', { exact: true }))
    await page.getByRole('dialog').getByText('gone').waitFor()
  }
  await walk({ open: removing, within: '#dialog', others: { 'button Remove': toast } })
  const removingThere = async () => {
    await register('gone')
    await at('/orchestrator/gone/remove')()
  }
  await walk({ open: removingThere, others: { 'button Remove': shows('.notice.good, .toast.good') } })
})

test('registration', { timeout }, async () => {
  const { agent, dashboard, page, at, walk } = await openWorld()
  const openedBy = (how: () => Promise<void>) => async () => {
    await at('/orchestrator')()
    await page.evaluate('sessionStorage.clear()')
    await how()
    await page.locator('#register-form').waitFor()
  }
  const tested = async (url: string) => {
    await page.getByLabel('Agent URL').fill(url)
    await page.getByLabel('Agent ID').fill('down')
    await page.getByLabel('Agent name').fill('Down')
    await press(page.locator('#register-test'))
    await page.locator('.checks').waitFor()
  }
  const shared = { 'button Test': shows('#register-form .error, .checks') }
  await walk({
    open: openedBy(() => page.keyboard.press('n')),
    within: '#register',
    others: {
      ...shared,
      'button Register': focuses('agent-url'),
      'button Register and #': focuses('agent-url'),
    },
  })
  const failed = openedBy(async () => {
    await press(page.getByText('Register agent'))
    await tested('http://192.0.2.1:99999')
    await tested(`http://localhost:${agent.port}/docs`)
  })
  await walk({
    open: failed,
    within: '#register-form .offer, #register-form .dialog-foot',
    others: {
      'button Use http://localhost:#': shows('.check.good >> nth=3'),
      'button Register': shows('.toast.good, #register-form .error'),
      'button Register anyway': toast,
      'link Clear': hides('.checks'),
    },
  })
  await fetch(`${dashboard.url}/orchestrator/writer`, { method: 'DELETE' })
  await fetch(`${dashboard.url}/orchestrator/down`, { method: 'DELETE' })
  await walk({
    open: openedBy(async () => {}),
    others: {
      ...shared,
      'button Register': focuses('agent-url'),
      'button Register and #': focuses('agent-url'),
      'radio Python': shows('#snippet-python'),
      'radio Node': shows('#snippet-node'),
      'button Copy the agent in Python': shows('button:has-text("Copied")'),
    },
  })
})

test('the form to execute an agent', { timeout }, async () => {
  const { agent, page, at, walk } = await openWorld([ofWriter])
  const sent = inAddress(/\/runs\/[\da-f-]{36}/)
  const executing = async () => {
    await at('/orchestrator')()
    // No draft of the press before.
    await page.evaluate('sessionStorage.clear()')
    await press(page.getByText('Execute', { exact: true }))
    await page
      .getByRole('dialog')
      .getByLabel(/^topic/)
      .waitFor()
  }
  const form = {
    'button Form': shows('#view-form[aria-pressed="true"]'),
    'button JSON': shows('#json'),
    'button Execute': shows('#dialog .error'),
    'button Set length': shows('#dialog input[inputmode]'),
    'button Set tags': shows('#dialog .list'),
    'link x': (one: Page) => expect.poll(() => one.locator('#dialog textarea').first().inputValue()).toBe('x'),
  }
  await walk({ open: executing, within: 'dialog', others: form })
  const set = async () => {
    await executing()
    await page.keyboard.type('x')
    for (const name of ['length', 'tags']) {
      await press(page.getByRole('button', { name: `Set ${name}` }))
      await page.getByRole('button', { name: `Not sent: ${name}` }).waitFor()
    }
  }
  const items = (wanted: number) => (one: Page) =>
    expect.poll(() => one.locator('#dialog .list textarea').count()).toBe(wanted)
  await walk({
    open: set,
    within: '#dialog .field',
    others: {
      'button Not sent: length': shows('[aria-label="Set length"]'),
      'button Not sent: tags': shows('[aria-label="Set tags"]'),
      'button Add item to tags': items(2),
      'button Remove item # of tags': items(0),
    },
  })
  const ready = async () => {
    await executing()
    await page.keyboard.type('x')
  }
  await walk({ open: ready, within: '#dialog .dialog-end', others: { 'button Execute': sent } })
  const there = async () => {
    // Where no form can keep the draft anew.
    await at('/orchestrator')()
    await page.evaluate('sessionStorage.clear()')
    await at('/orchestrator/writer/execute')()
  }
  await walk({ open: there, within: '#execute .dialog-end', others: { 'button Execute': shows('#execute .error') } })
  await agent.close()
  const problem = async () => {
    await at('/orchestrator')()
    await press(page.getByText('Execute', { exact: true }))
    await page.getByText('Try again', { exact: true }).waitFor()
  }
  await walk({ open: problem, within: 'dialog', others: { 'link Try again': shows('text=Try again') } })
})

test('the page of an agent', { timeout }, async () => {
  const { page, at, walk, post, register } = await openWorld([{ ...ofWriter, status: 'failed' }, ofWriter])
  await walk({
    open: at('/orchestrator/writer'),
    others: {
      'button Check now': toast,
      'button Copy ID': shows('.copy[data-copied]'),
      'button Copy URL': shows('.copy[data-copied]'),
    },
  })
  const more = async () => {
    await at('/orchestrator/writer')()
    await press(page.locator('#agent-menu > summary'))
  }
  await walk({
    open: more,
    within: '#agent-menu .menu',
    others: {
      'button Pause checks': toast,
      'button Copy ID': shows('#agent-menu :text-is("Copied")'),
      'button Copy URL': shows('#agent-menu :text-is("Copied")'),
    },
  })
  const paused = async () => {
    await post('/orchestrator/writer/pause', {})
    await more()
  }
  await walk({ open: paused, within: '#pause', others: { 'button Resume checks': toast } })
  const editing = async () => {
    await more()
    await press(page.getByText('Edit…', { exact: true }))
    await page.getByRole('dialog').getByLabel('Agent name').waitFor()
  }
  await walk({ open: editing, within: 'dialog', others: { 'button Save': toast } })
  const refused = async () => {
    await register('writer')
    await editing()
    await page.getByRole('dialog').getByLabel('Agent URL').fill('http://127.0.0.1:1')
    await press(page.getByRole('dialog').getByText('Save', { exact: true }))
    await page.getByText('Save anyway').waitFor()
  }
  const others = { 'button Save': shows('#edit-anyway'), 'button Save anyway': toast }
  await walk({ open: refused, within: 'dialog', others })
})

test('the list of runs, its filter and its menus', { timeout }, async () => {
  const { dashboard, page, at, walk } = await openWorld([
    ofWriter,
    ofWriter,
    { status: 'failed' },
    { status: 'running' },
  ])
  const list = async () => {
    await at('/runs')()
    await page.locator('#runs-chart svg a').first().waitFor()
  }
  const status = (name: string) => inAddress(`status=${name}`)
  await walk({
    open: list,
    others: {
      'checkbox Queued #': status('pending'),
      'checkbox Running #': status('running'),
      'checkbox Completed #': status('completed'),
      'checkbox Failed #': status('failed'),
      'checkbox Tick all runs of this page': isChecked('.bulk-all input, input[name="run"]'),
      'checkbox Tick run run-#': isChecked('input[name="run"]'),
    },
  })
  const opened = (menu: string) => async () => {
    await at('/runs')()
    await press(page.locator(`#menu-${menu} > summary`))
    await page.locator(`#menu-${menu} .panel`).waitFor()
  }
  const column = inAddress('columns=')
  const columns = [
    'Status',
    'Run ID',
    'Agent ID',
    'Workflow',
    'Started',
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
  })
  await walk({ open: opened('export'), within: '#menu-export .panel' })
  await walk({
    open: opened('agents'),
    within: '#menu-agents .panel',
    others: {
      'checkbox Writer writer': inAddress('agent=writer'),
      'checkbox Local runs of the Python program': inAddress('agent='),
    },
  })
  await walk({ open: opened('time'), within: '#menu-time .panel' })
  await walk({ open: opened('more'), within: '#menu-more .panel' })
  await walk({ open: opened('search'), within: '#menu-search .panel' })
  await walk({ open: at('/runs?q=-zzz&status=completed&longer=x&time=week'), within: '.chips' })
  await walk({ open: at('/runs?q=zzz'), within: '.empty' })
  await walk({ open: at('/runs/chart') })
  insertRuns(
    dashboard,
    Array.from({ length: 60 }, (_, index) => ({ ...ofWriter, id: `older-${index}` })),
  )
  const older = async () => {
    await at('/runs')()
    await press(page.getByText('Older →'))
    await page.getByText('← Newer').waitFor()
  }
  await walk({ open: older, within: '.pages' })
})

test('what can be done with selected runs', { timeout }, async () => {
  const { dashboard, page, at, walk, post } = await openWorld(Array(4).fill(ofWriter))
  const ticked = (count: number) => async () => {
    insertRuns(dashboard, [{ ...ofWriter, id: crypto.randomUUID(), started_at: toDatetime(Date.now()) }])
    await at('/runs')()
    for (let index = 0; index < count; index++) await press(page.locator('.runs tbody .select-run').nth(index))
  }
  const others = {
    'checkbox All # runs': shows('.bulk-count strong:text("All pages")'),
    'button Clear': hides('.bulk'),
  }
  await walk({ open: ticked(1), within: '.bulk', others })
  await walk({ open: ticked(2), within: '.bulk', others: { ...others, 'button Compare': inAddress('/runs/compare') } })
  const asked = (action: string) => async () => {
    await ticked(1)()
    await press(page.locator('.bulk').getByText(action, { exact: true }))
    await page.getByRole('dialog').locator('.dialog-end .button').first().waitFor()
    await expect.poll(() => page.locator('[aria-busy]').count()).toBe(0)
  }
  const begins = shows('.bulk-job')
  await walk({ open: asked('Run again'), within: 'dialog', others: { 'button Run again': begins } })
  await walk({ open: asked('Delete'), within: 'dialog', others: { 'button Delete': begins } })
  await walk({ open: asked('Cancel'), within: 'dialog' })
  const done = async () => {
    insertRuns(dashboard, [{ id: crypto.randomUUID(), inputs: '{}' }])
    const { bulk_id: id } = await post('/runs/bulk', { action: 'rerun', run_ids: ['run-0', 'run-1'], confirm: true })
    await at('/runs')()
    await page.locator(`#bulk-job-${id} button`).filter({ hasText: 'Close' }).waitFor()
  }
  await walk({ open: done, within: '.bulk-job', others: { 'button Close': hides('.bulk-job') } })
})

test('a bulk action is stopped by its button', { timeout }, async () => {
  const { agent, at, walk, post } = await openWorld(Array(400).fill(ofWriter))
  agent.handlers.run = silence
  const { bulk_id: id } = await post('/runs/bulk', { action: 'rerun', filter: 'status=completed', confirm: true })
  const others = { 'button Stop': shows('.bulk-note:text("Stopped")') }
  await walk({ open: at(`/runs/bulk/${id}`), within: '.bulk-job', others })
  await agent.close()
})

test('the page of a run, its nodes, and comparing', { timeout }, async () => {
  const { agent, dashboard, page, at, walk, post } = await openWorld([
    ofWriter,
    { ...ofWriter, outputs: '{"report":"x","list":[1]}' },
  ])
  insertStates(dashboard, [{ run: 'run-0', node: 'plan', data: nodeState('plan', 2), after: 3 }])
  const { run_id: id } = await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
  await at(`/runs/${id}`)()
  await page.getByText('Completed').first().waitFor()
  const others = {
    'button Copy': shows('button:text-is("Copied")'),
    'button Copy as curl': shows('button:text-is("Copied")'),
    'button Run again': inAddress(new RegExp(`/runs/(?!${id})`)),
    'radio Text': hides('#run [data-view="tree"] >> nth=0'),
    'radio Tree': shows('#run [data-view="tree"]'),
  }
  await walk({ open: at(`/runs/${id}`), others })
  const { 'button Copy as curl': _, ...recorded } = others
  const again = { 'button Run again': inAddress(/\/runs\/[\da-f]{8}-/) }
  await walk({ open: at('/runs/run-0'), others: { ...recorded, ...again } })

  agent.handlers.run = silence
  const running = async () => {
    const { run_id } = await post('/orchestrator/writer/execute', { inputs: { topic: 'x' } })
    await at(`/runs/${run_id}`)()
  }
  await walk({
    open: running,
    within: '.head-actions',
    others: { 'button Cancel': shows('#run-status:text("Cancelled")') },
  })
  const compared = { 'checkbox Only differences': hides('.differences:has(:checked) .same') }
  await walk({ open: at('/runs/compare?a=run-0&b=run-1'), others: compared })
  await walk({ open: at('/runs/compare?b=run-1'), others: { 'button Compare': inAddress('a=&b=run-1') } })
  await agent.close()
})

test('the page of the system', { timeout }, async () => {
  const { page, at, walk } = await openWorld([ofWriter])
  await walk({ open: at('/system'), others: { 'button Back up now': shows('#download') } })
  await at('/system')()
  await page.locator('#download').waitFor()
})
