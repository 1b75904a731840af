import { test } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { json, silence } from '../../support/agents/agent.ts'
import { historyIn, hourMs, minuteMs } from '../../support/agents/agent-history.ts'
import { useBrowser } from '../../support/browser/browser.ts'
import { pressAll } from '../../support/browser/controls.ts'
import { press, pressWords } from '../../support/browser/press.ts'
import { openRegistration } from '../../support/browser/registration.ts'
import {
  copies,
  focuses,
  hides,
  isChecked,
  ofWriter,
  openWorld,
  shows,
  toast,
  warning,
} from '../../support/browser/world.ts'
import { createTestClock } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { insertRuns } from '../../support/runs/runs.ts'

// Everything that can be pressed on these pages is pressed here by its words. A new button that no rule judges makes
// these tests fail until it is named with what it does.

const openPage = useBrowser()
const timeout = 120_000

test('the orchestrator', { timeout }, async () => {
  const { agent, page, at, walk, post, register } = await openWorld(openPage)
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
  const { agent, dashboard, page, at, walk } = await openWorld(openPage)
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
      'button Register and execute…': focuses('agent-url'),
    },
  })
  const failed = openedBy(async () => {
    await openRegistration(page)
    await tested(`http://localhost:${agent.port}/docs`)
  })
  await walk({
    open: failed,
    within: '#register-form .offer, #register-form .dialog-foot',
    others: {
      'button Use http://localhost#': shows('.check >> nth=3'),
      'button Register': shows('.toast.good, #register-form .error'),
      'button Register anyway': warning,
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
      'button Register and execute…': focuses('agent-url'),
      'radio Python': shows('#snippet-python'),
      'radio Node': shows('#snippet-node'),
      'button Copy the agent in Python': shows('button:has-text("Copied")'),
    },
  })
})

test('the page of an agent', { timeout }, async () => {
  const { dashboard, page, at, walk, post, register } = await openWorld(openPage, [
    { ...ofWriter, status: 'failed' },
    { ...ofWriter, total_cost_usd: 1 },
    { ...ofWriter, status: 'running' },
  ])
  await walk({ open: at('/orchestrator/none') })
  await walk({ open: at('/orchestrator/remove-expired') })
  await walk({
    open: at('/orchestrator/writer/edit'),
    others: { 'button Save': shows('#agent'), 'button Test': shows('#edit .checks') },
  })
  await walk({
    open: at('/orchestrator/writer'),
    others: {
      'button Check now': toast,
      'button Copy ID': shows('.copy[data-copied]'),
      'button Copy URL': shows('.copy[data-copied]'),
    },
  })
  const history = historyIn(dashboard)
  const now = Date.now()
  const hitAt = toDatetime(now - hourMs)
  await insertRuns(dashboard, [
    { ...ofWriter, id: 'hit', status: 'failed', error_message: 'no', started_at: hitAt, completed_at: hitAt },
  ])
  for (let hours = 9; hours > 0; hours--) {
    await history.beginIncident('writer', now - hours * hourMs - minuteMs, 'connection refused')
    await history.endIncidents('writer', now - hours * hourMs + minuteMs)
  }
  await walk({ open: at('/orchestrator/writer'), within: '[aria-labelledby="incidents-title"]' })
  await walk({ open: at('/orchestrator/writer'), within: '.incident-runs' })
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
  await walk({
    open: editing,
    within: 'dialog',
    others: { 'button Save': toast, 'button Test': shows('#edit .checks') },
  })
  const withAccess = async () => {
    await editing()
    await press(page.getByRole('dialog').getByText('Credential and certificate'))
  }
  const kinds = { none: 'None', bearer: 'Bearer token', basic: 'User name and password', headers: 'Headers' }
  await walk({
    open: withAccess,
    within: 'dialog .access-kinds',
    others: Object.fromEntries(
      Object.entries(kinds).map(([value, words]) => [`radio ${words}`, isChecked(`dialog [value="${value}"]`)]),
    ),
  })
  const refused = async () => {
    await register('writer')
    await editing()
    await page.getByRole('dialog').getByLabel('Agent URL').fill('http://127.0.0.1:1')
    await press(page.getByRole('dialog').getByText('Save', { exact: true }))
    await page.getByText('Save anyway').waitFor()
  }
  const others = {
    'button Save': shows('#edit-anyway'),
    'button Save anyway': warning,
    'button Test': shows('#edit .checks'),
  }
  await walk({ open: refused, within: 'dialog', others })
})

test('agents that have expired are removed together', { timeout }, async () => {
  const clock = createTestClock()
  const { url } = await openDashboard({ clock })
  const page = await openPage()
  const expired = async () => {
    await fetch(`${url}/agents/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ agent_id: 'gone', agent_name: 'Gone', host: 'localhost', port: 1, ttl_seconds: 60 }),
    })
    await clock.advance(300_000)
    await page.goto(`${url}/orchestrator`)
    await pressWords(page, 'Remove 1 expired')
    await page.getByRole('dialog').getByText('They come back only when').waitFor()
  }
  const others = { 'button Remove # expired': shows('text=Connect your first agent') }
  await pressAll(page, { open: expired, within: '#dialog', others })
})

test('an agent at work that has many inputs, beside more agents than a page lists', { timeout }, async () => {
  const env = { CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS: '3600' }
  const { agent, at, walk, post } = await openWorld(openPage, [], env)
  const names = Array.from({ length: 60 }, (_, index) => [`input_${index}`, { type: 'str' }])
  agent.handlers.schema = json({ inputs: Object.fromEntries(names) })
  agent.handlers.run = silence
  await post('/orchestrator/writer/execute', { inputs: Object.fromEntries(names.map(([name]) => [name, 'x'])) })
  await walk({ open: at('/orchestrator/writer'), within: '#agent-facts .link, .returns a' })
  const announce = (index: number) =>
    post('/agents/register', { agent_id: `agent-${index}`, agent_name: `Agent ${index}`, host: 'localhost', port: 1 })
  for (let index = 0; index < 25; index++) await announce(index)
  for (const _ of [1, 2, 3]) await post('/orchestrator/check', {})
  for (let index = 25; index < 105; index++) await announce(index)
  await walk({ open: at('/'), within: '.rest a' })
  for (const which of ['', '?page=2']) await walk({ open: at(`/orchestrator${which}`), within: '.board-pages' })
  await agent.close()
})
