import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, partial, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'
import { insertStates, nodeState } from '../support/runs/states.ts'
import { createPythonDatabase } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

type State = Parameters<typeof insertStates>[1][number]

const summary = {
  total_time_ms: 5000,
  node_count: 2,
  slowest_node: { node_id: 'write', total_duration_ms: 4000, avg_duration_ms: 4000, call_count: 1 },
  bottlenecks: [
    { node_id: 'write', total_duration_ms: 4000, avg_duration_ms: 4000, call_count: 1, percent_of_total: 80 },
  ],
}

/** A run of the Python program's own that took ten seconds, with these states. */
async function withStates(states: State[], bottleneck: unknown = null, run: StoredRun = {}): Promise<TestApp> {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 9)) })
  const text = bottleneck === null || typeof bottleneck === 'string' ? bottleneck : JSON.stringify(bottleneck)
  const ofTenSeconds = { duration_seconds: 10, completed_at: '2026-11-20 08:00:10.000000' }
  await insertRuns(app, [{ id: 'one', ...ofTenSeconds, bottleneck_info: text, ...run }])
  await insertStates(app, states)
  return app
}

const clean = (text: string) => text.replace(/\s+/g, ' ').trim()

/** The rows of the table as texts, and their bars. */
async function table(app: TestApp, path = '/runs/one?tab=nodes') {
  const { html } = await page(app, path)
  const section = html.querySelector('#nodes')
  const groups = section?.querySelectorAll('.nodes tbody') ?? []
  return {
    html,
    section,
    text: clean(section?.text ?? ''),
    rows: groups.map((group) =>
      group
        .querySelector('tr')!
        .querySelectorAll('th, td')
        .map((cell) => clean(cell.text)),
    ),
    bars: groups.map((group) => {
      const { x, width } = group.querySelector('rect')?.attributes ?? {}
      return x === undefined ? undefined : [Number.parseFloat(x), Number.parseFloat(width!)]
    }),
  }
}

test('shows each node: when it began, how long it took, tokens and cost', async () => {
  const app = await withStates([
    { node: 'plan', data: nodeState('plan', 1, { cost_usd: 0.0000004 }), after: 1.5 },
    { node: 'write', data: nodeState('write', 4, { total_tokens: 12_345, cost_usd: 0.02 }), after: 9.5 },
  ])
  const { rows, bars, text, html } = await table(app)
  expect(rows).toEqual([
    ['plan', '+0.5s', '', '1.0s', '225', '< $0.000001'],
    ['write', '+5.5s', '', '4.0s', '12,345', '$0.0200'],
  ])
  expect(text).toContain('2 nodes · active 5.0s of 10.0s')
  // The line of time goes from the start of the run to the end of its last node.
  expect(bars[0]![0]).toBeCloseTo((0.5 / 9.5) * 100, 1)
  expect(bars[0]![1]).toBeCloseTo((1 / 9.5) * 100, 1)
  expect(bars[1]![0]! + bars[1]![1]!).toBeCloseTo(100, 1)
  expect(html.querySelectorAll('.gantt-axis text').map((tick) => tick.text)).toEqual(['0', '2s', '4s', '6s', '8s'])
  expect(html.querySelectorAll('.nodes tfoot td').map((cell) => cell.text)).toEqual(['', '', '', '12,570', '$0.0200'])
})

test('nodes that worked at the same time stand in the order in which they began', async () => {
  const app = await withStates([
    { node: 'short', data: nodeState('short', 1), after: 4 },
    { node: 'long', data: nodeState('long', 6), after: 8 },
  ])
  const { rows, text } = await table(app)
  expect(rows.map(([node, start]) => [node, start])).toEqual([
    ['long', '+2.0s'],
    ['short', '+3.0s'],
  ])
  expect(text).toContain('active 6.0s of 10.0s')
})

test('a node that failed says so, and why', async () => {
  const data = { node_id: 'write', duration_seconds: 2, status: 'failed', error: 'API <b>timeout</b>' }
  const { rows, section } = await table(await withStates([{ data, after: 3 }], null, { status: 'failed' }))
  expect(rows).toEqual([['write Failed', '+1.0s', '', '2.0s', '–', '–']])
  expect(section!.querySelector('.nodes-error')!.text).toBe('API <b>timeout</b>')
  expect(section!.querySelector('.nodes-error b')).toBeNull()
  expect(section!.querySelector('svg.gantt.bad rect')).not.toBeNull()
})

test('durations that nobody recorded are the time since the state before, and are marked', async () => {
  const app = await withStates([
    { node: 'plan', data: {}, after: 2 },
    { node: 'write', data: { draft: 'x' }, after: 5.5 },
    { node: 'check', data: nodeState('check', 1), after: 9 },
  ])
  const { rows, text, html } = await table(app)
  expect(rows.map(([node, start, , duration]) => [node, start, duration])).toEqual([
    ['plan', '+0 ms', '~ 2.0s'],
    ['write', '+2.0s', '~ 3.5s'],
    ['check', '+8.0s', '1.0s'],
  ])
  expect(text).toContain('~ no duration was recorded; this is the time since the previous state was saved.')
  expect(html.querySelectorAll('svg.derived rect')).toHaveLength(2)
})

test('what cannot be known is unknown, not zero', async () => {
  const app = await withStates([
    { node: 'plan', data: {}, at: 'yesterday' },
    { node: 'write', data: '{"duration_seconds": NaN, "cost_usd": NaN}', after: -5 },
    { node: 'check', data: nodeState('check', 1, { cost_usd: 0, total_tokens: 0 }), after: 9 },
  ])
  const { rows, bars, text } = await table(app)
  expect(rows.map(([node, ...rest]) => [node, ...rest])).toEqual([
    ['write', '–', '', '–', '–', '–'],
    ['check', '+8.0s', '', '1.0s', '0', '$0.00'],
    ['plan', '–', '', '–', '–', '–'],
  ])
  expect(bars.map((bar) => bar !== undefined)).toEqual([false, true, false])
  expect(text).toContain('3 nodes')
  expect(text).not.toContain('at work')
})

test('a run whose start cannot be read is counted from its first node', async () => {
  const states = [
    { node: 'plan', data: nodeState('plan', 1), after: 2 },
    { node: 'write', data: nodeState('write', 1), after: 4 },
  ]
  const { rows } = await table(await withStates(states, null, { started_at: 'long ago' }))
  expect(rows.map(([, start]) => start)).toEqual(['+0 ms', '+2.0s'])
})

test.each([
  [0.05, ['0', '10 ms', '20 ms', '30 ms', '40 ms', '50 ms']],
  [90, ['0', '20s', '40s', '60s', '80s']],
  [600, ['0', '2m', '4m', '6m', '8m', '10m']],
  [36_000, ['0', '2h', '4h', '6h', '8h', '10h']],
])('a line of time of %s seconds has readable marks', async (seconds, labels) => {
  const { html } = await table(await withStates([{ data: nodeState('write', seconds), after: seconds }]))
  expect(html.querySelectorAll('.gantt-axis text').map((tick) => tick.text)).toEqual(labels)
})

test('says where the time went, with all that was recorded beside it', async () => {
  const app = await withStates([], summary)
  const { text, section } = await table(app)
  expect(text).toContain('Slowest node: “write”, 4.0s, 80% of the time of all 2 nodes (5.0s).')
  expect(section!.querySelector('#bottleneck')!.getAttribute('open')).toBeUndefined()
  expect(clean(section!.querySelector('#bottleneck .tree')!.text)).toContain('slowest_node: {} 4')
  expect((await app.inject('/runs/one/bottleneck')).json()).toEqual(summary)
})

test('a list of bottlenecks is a sentence too', async () => {
  const list = [{ node: 'a', duration_seconds: 3, calls: 4 }, { node: 'b', percent: 20 }, { node: 'c' }]
  const { text } = await table(await withStates([], list))
  expect(text).toContain('Slowest node: “a”, 3.0s in 4 calls. Also slow: “b” (20%), “c”.')
})

test.each([
  ['{"of": "another shape"}', '{} 1 of: "another shape"'],
  ["{'x': <Model>}", "{'x': <Model>}"],
])('bottleneck info that says nothing known is shown as it is: %s', async (text, shown) => {
  const { section } = await table(await withStates([], text))
  expect(section!.querySelector('#bottleneck')!.hasAttribute('open')).toBe(true)
  expect(clean(section!.querySelector('#bottleneck .json')!.text)).toBe(shown)
})

test('a run without states and bottleneck info has no such part', async () => {
  const app = await withStates([{ run: 'other', data: {} }])
  expect((await table(app)).section).toBeNull()
  expect((await page(app, '/runs/one/nodes')).text).toContain('The Python program saved no states of this run.')
})

test('the state of a node opens as a tree, in its raw form and as text where it is no JSON', async () => {
  const app = await withStates([{ data: '{"draft": "Hi", "big": 12345678901234567890}' }, { data: "{'x': <Model>}" }])
  const { section } = await table(app)
  const [tree, text] = section!.querySelectorAll('.nodes details')
  expect(tree!.attributes).toMatchObject({ 'hx-get': '/runs/one/states/1/view', 'hx-trigger': 'toggle once' })
  const opened = await partial(app, tree!.getAttribute('hx-get')!)
  expect(clean(opened.html.querySelector('.tree')!.text)).toBe('{} 2 draft: "Hi" big: 12345678901234567890')
  const raw = await app.inject(tree!.querySelector('a')!.getAttribute('href')!)
  expect(raw.headers['content-type']).toMatch(/^application\/json/)
  expect(raw.payload).toBe('{"draft": "Hi", "big": 12345678901234567890}')
  expect((await partial(app, text!.getAttribute('hx-get')!)).html.querySelector('pre')!.text).toBe("{'x': <Model>}")
})

test('a large state opens step by step', async () => {
  const app = await withStates([{ data: { list: Array.from({ length: 700 }, (_, index) => index) } }])
  const opened = await partial(app, '/runs/one/states/1/view')
  const more = opened.html.querySelector('a[hx-get]')!.getAttribute('hx-get')!
  expect(more).toMatch(/^\/runs\/one\/states\/1\/tree\?/)
  expect((await partial(app, more)).html.querySelectorAll('.json-number').length).toBeGreaterThan(100)
})

test.each([
  '/runs/one/states/2',
  '/runs/two/states/1',
  '/runs/one/states/x',
  '/runs/one/states/1e9',
  '/runs/none/nodes',
  '/runs/one/bottleneck',
  '/runs/one/states/tree',
])('%s is 404', async (path) => {
  expectProblem(await api(await withStates([{ data: {} }]), 'GET', path), 404)
})

test('scripts get the nodes with all their digits', async () => {
  const app = await withStates(
    [
      { node: 'plan', data: {}, after: 2 },
      { node: 'write', data: nodeState('write', 1.2345), after: 9 },
    ],
    '{"total_time_ms": 12345678901234567890}',
  )
  const { json, text } = await api(app, 'GET', '/runs/one/nodes')
  expect(text).toContain('"bottleneck_info":{"total_time_ms": 12345678901234567890}}')
  expect(json).toMatchObject({ run_id: 'one', total: 2, from: 0 })
  expect(json.nodes).toEqual([
    {
      state_id: 1,
      node_id: 'plan',
      status: null,
      started_at: '2026-11-20T08:00:00.000Z',
      ended_at: '2026-11-20T08:00:02.000Z',
      duration_seconds: 2,
      duration_is_derived: true,
      input_tokens: null,
      output_tokens: null,
      total_tokens: null,
      cost_usd: null,
      model: null,
      error: null,
      state: '/runs/one/states/1',
    },
    expect.objectContaining({
      node_id: 'write',
      status: 'completed',
      started_at: '2026-11-20T08:00:07.765Z',
      duration_seconds: 1.2345,
      duration_is_derived: false,
      cost_usd: 0.00015,
    }),
  ])
})

test('a run of many states shows 200 at a time, and the first of each page is derived from the one before', async () => {
  const states = Array.from({ length: 450 }, (_, index) => ({ node: 'loop', data: {}, after: (index + 1) * 2 }))
  const app = await withStates(states)
  const first = await table(app)
  expect(first.rows).toHaveLength(200)
  expect(first.text).toContain('States 1 to 200 of 450.')
  const next = first.section!.querySelector('a[href*="from="]')!.getAttribute('href')!
  const second = await table(app, next)
  expect(second.rows).toHaveLength(200)
  expect(second.rows[0]).toEqual(['loop', '+6m 40s', '', '~ 2.0s', '–', '–'])
  const last = await table(app, second.section!.querySelector('a[href*="from="]')!.getAttribute('href')!)
  expect(last.rows).toHaveLength(50)
  expect(last.section!.querySelector('a[href*="from="]')).toBeNull()
})

test.each([
  ['one state of 5 MB', [{ data: { duration_seconds: 2, text: 'x'.repeat(5_000_000) }, after: 3 }]],
  [
    'states of 200 KB each',
    Array.from({ length: 100 }, () => ({ data: { duration_seconds: 2, text: 'x'.repeat(200_000) }, after: 3 })),
  ],
  ['a repr of 5 MB', [{ data: `{'duration_seconds': 2, 'text': '${'x'.repeat(5_000_000)}'}`, after: 3 }]],
])('%s make a small page', async (_, states) => {
  const app = await withStates(states, JSON.stringify({ text: 'x'.repeat(5_000_000) }))
  const answer = await app.inject({ url: '/runs/one?tab=nodes', headers: { accept: 'text/html' } })
  expect(answer.statusCode).toBe(200)
  expect(Buffer.byteLength(answer.payload)).toBeLessThan(600_000)
  expect(answer.payload).toMatch(/2\.0s|~ 3\.0s/)
  const opened = await app.inject('/runs/one/states/1/view')
  expect(Buffer.byteLength(opened.payload)).toBeLessThan(100_000)
})

test('of many large states only as many are looked into as can be in the time of a page', async () => {
  const data = { duration_seconds: 1, text: 'x'.repeat(5_000_000) }
  const { rows } = await table(await withStates([2, 4, 6, 8, 10].map((after) => ({ data, after }))))
  expect(rows.map(([, , , duration]) => duration)).toEqual(['1.0s', '1.0s', '1.0s', '~ 2.0s', '~ 2.0s'])
})

test('in a large file of Python’s the states are looked for after the page was shown', async () => {
  const others = Array.from({ length: 9000 }, () => ({ run: 'other', data: '{}' }))
  const app = await withStates([...others, { data: nodeState('write', 1), after: 3 }], summary)
  // As it is until all of them have been read once.
  connect(app.db).exec("UPDATE dashboard_state SET value = '1' WHERE key = 'states_next'")
  const { section } = await table(app)
  expect(section!.attributes).toMatchObject({ 'hx-get': '/runs/one/nodes', 'hx-trigger': 'load' })
  expect(section!.text).toContain('Slowest node: “write”')
  const found = await partial(app, '/runs/one/nodes')
  expect(found.html.querySelector('#nodes')!.getAttribute('hx-get')).toBeUndefined()
  expect(found.html.querySelectorAll('.nodes tbody')).toHaveLength(1)
  // Without JavaScript the link leads there.
  expect((await table(app, '/runs/one/nodes')).rows).toHaveLength(1)
})

test('nobody looks for states of a run that was sent to an agent', async () => {
  const run = { workflow_name: 'writer', agent_id: 'writer', agent_url: 'http://localhost:8001' }
  const app = await withStates([{ data: nodeState('write', 1), after: 3 }], null, run)
  expect((await table(app)).section).toBeNull()
})

test('a file that Python wrote shows its states', async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  const { rows } = await table(await buildTestApp({ db }), '/runs/repr?tab=nodes')
  expect(rows).toEqual([['write', '+0 ms', '', '~ 1.0s', '–', '–']])
})

test('d3 is loaded by the first run that has nodes, not at the start', async () => {
  const { execFileSync } = await import('node:child_process')
  const script = `
    const { registerHooks } = await import('node:module')
    registerHooks({ resolve: (name, context, next) => { if (name.startsWith('d3-')) console.log(name); return next(name, context) } })
    await import('./src/app.ts')`
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe('')
})
