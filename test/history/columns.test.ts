import { expect, test } from 'vitest'
import { api, buildTestApp, page } from '../support/app.ts'
import { insertRuns } from '../support/runs/runs.ts'

async function shown(query: string) {
  const app = await buildTestApp()
  await insertRuns(app, [
    { id: 'one', outputs: '{"score": 7.50, "items": [{"name": "a"}, {"name": "b"}], "at": 12345678901234567890}' },
    { id: 'two', outputs: '{"score": "high <b>", "deep": {"x": null}}', inputs: '{"my field": [1]}' },
    { id: 'three', outputs: "{'score': None}", status: 'failed', error_message: 'refused' },
    { id: 'four', started_by_name: 'Ann' },
  ])
  const { html } = await page(app, `/runs?${query}`)
  const rows = html.querySelectorAll('tr.run')
  return {
    app,
    html,
    heads: html.querySelectorAll('.runs th:not(.c-tick)').map(({ text }) => text.trim()),
    cells: rows.map((row) => row.querySelectorAll('td:not(.c-tick)').map((cell) => cell.text.trim())),
  }
}

test('shows the columns that were chosen', async () => {
  const { heads, cells, html } = await shown('columns=status&columns=error')
  expect(heads).toEqual(['Status', 'Error'])
  // Without the workflow, the first cell has the link that the row opens by.
  expect(cells[1]).toEqual(['Open run threeFailed', 'refused'])
  const chosen = html.querySelectorAll('#menu-columns input[checked]').map((box) => box.getAttribute('value'))
  expect(chosen).toEqual(['status', 'error'])
})

test('says who started a run, and nothing where nobody had to log in', async () => {
  const { heads, cells } = await shown('columns=workflow&columns=by')
  expect(heads).toEqual(['Workflow', 'Started by'])
  expect(cells.map((row) => row.at(-1))).toEqual(['Ann', '–', '–', '–'])
})

test('columns stand in one order, however they are chosen, and in the menu, too', async () => {
  const { heads, html } = await shown('columns=out.score&columns=cost&columns=id&columns=workflow&columns=status')
  expect(heads).toEqual(['Status', 'Workflow', 'Run ID', 'Cost', 'out.score'])
  const offered = html.querySelectorAll('#menu-columns input[type=checkbox]').map((box) => box.getAttribute('value'))
  expect(offered).toEqual([
    ...['status', 'workflow', 'agent', 'id', 'by', 'started', 'completed', 'duration', 'tokens', 'cost', 'error'],
    'out.score',
  ])
})

test('a pinned field stands beside the usual columns, with its value in each run', async () => {
  const { heads, cells, html } = await shown('columns=out.score')
  expect(heads).toEqual([
    'Status',
    'Workflow',
    'Agent ID',
    'Run ID',
    'Started',
    'Duration',
    'Tokens',
    'Cost',
    'out.score',
  ])
  expect(cells.map((row) => row.at(-1))).toEqual(['–', '–', 'high <b>', '7.50'])
  expect(html.querySelector('#menu-columns input[value="out.score"]')!.hasAttribute('checked')).toBe(true)
})

test('pins paths through lists and objects, odd names, and numbers to the last digit', async () => {
  const { cells } = await shown('columns=id&columns=out.items.name&columns=in.%22my+field%22&columns=out.at')
  expect(cells).toEqual([
    ['Open run fourfour', '–', '–', '–'],
    ['Open run threethree', '–', '–', '–'],
    ['Open run twotwo', '–', '[1]', '–'],
    ['Open run oneone', '["a","b"]', '–', '12345678901234567890'],
  ])
})

test('the address says nothing of columns that are the usual ones', async () => {
  const usual = ['status', 'id', 'agent', 'workflow', 'started', 'duration', 'tokens', 'cost']
  const { html } = await shown(`${usual.map((name) => `columns=${name}`).join('&')}&columns=`)
  expect(html.querySelector('#runs')!.getAttribute('hx-get')).toMatch(/^\/runs\?top=\d+$/)
})

test('a script gets what is pinned as JSON', async () => {
  const { app } = await shown('')
  const { json } = await api(app, 'GET', '/runs?columns=out.score&columns=out.items.name')
  expect(json.runs.map(({ pinned }: { pinned: object }) => pinned)).toEqual([
    { 'out.score': null, 'out.items.name': null },
    { 'out.score': null, 'out.items.name': null },
    { 'out.score': 'high <b>', 'out.items.name': null },
    { 'out.score': 7.5, 'out.items.name': ['a', 'b'] },
  ])
  expect((await api(app, 'GET', '/runs')).json.runs[0]).not.toHaveProperty('pinned')
})
