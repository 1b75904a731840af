import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import {
  api,
  buildTestApp,
  ended,
  execute,
  expectProblem,
  page,
  partial,
  register,
  type TestApp,
} from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'

async function withRuns(a: StoredRun = {}, b: StoredRun = {}, ...more: StoredRun[]): Promise<TestApp> {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 20, 9)) })
  await insertRuns(app, [{ id: 'one', ...a }, { id: 'two', ...b }, ...more])
  return app
}

const clean = (text: string) => text.replace(/\s+/g, ' ').trim()

async function compared(app: TestApp, path = '/runs/compare?a=one&b=two') {
  const { html, status, text } = await page(app, path)
  const rowsOf = (selector: string) =>
    html
      .querySelectorAll(`${selector} tbody tr`)
      .map((row) => row.querySelectorAll('th, td').map((cell) => clean(cell.text)))
  return {
    html,
    status,
    text,
    facts: rowsOf('.compared-facts'),
    inputs: rowsOf('[aria-labelledby="inputs-title"]'),
    outputs: rowsOf('[aria-labelledby="outputs-title"]'),
  }
}

test('two runs stand beside each other, and what differs is named', async () => {
  const app = await withRuns(
    {
      inputs: '{"topic": "SQLite", "depth": 1}',
      outputs: '{"score": 0.50, "tags": ["a", "b"], "old": true}',
      duration_seconds: 8.1,
      total_tokens: 1204,
      total_cost_usd: 0.0024,
      completed_at: '2026-11-20 08:00:08.100000',
    },
    {
      inputs: '{"topic": "SQLite", "depth": 2}',
      outputs: '{"score": 0.75, "tags": ["a", "b"], "new": null}',
      duration_seconds: 11.2,
      total_tokens: 1000,
      total_cost_usd: 0.0024,
      completed_at: '2026-11-20 08:01:11.200000',
    },
  )
  const { status, facts, inputs, outputs, text } = await compared(app)
  expect(status).toBe(200)
  expect(facts).toEqual([
    ['Status, the same', 'Completed', 'Completed'],
    ['Workflow, the same', 'report', 'report'],
    ['Agent ID, the same', 'Local run (Python)', 'Local run (Python)'],
    ['Started', '20 Nov 2026, 08:00:00', '20 Nov 2026, 08:01:00 B started 1m 0s later'],
    ['Ended', '20 Nov 2026, 08:00:08', '20 Nov 2026, 08:01:11'],
    ['Duration', '8.1s', '11.2s B took 3.1s longer (+38%)'],
    ['Tokens', '1,204', '1,000 204 less (−17%)'],
    ['Cost, the same', '$0.0024', '$0.0024'],
  ])
  expect(outputs).toEqual([
    ['Changed score', '0.50', '0.75'],
    ['Same tags', '[ "a", "b" ]'],
    ['Removed old', 'true', 'Missing'],
    ['Added new', 'Missing', 'null'],
  ])
  expect(inputs).toEqual([
    ['Same topic', '"SQLite"'],
    ['Changed depth', '1', '2'],
  ])
  expect(text).toContain('1 changed, 1 added, 1 removed · 1 the same')
})

test('a failure stands beside what came out', async () => {
  const app = await withRuns({ outputs: '{"a": 1}' }, { status: 'failed', error_message: 'It broke.' })
  const { facts, outputs, text } = await compared(app)
  expect(facts[0]).toEqual(['Status', 'Completed', 'Failed Changed'])
  expect(facts.at(-1)).toEqual(['Error', '–', 'It broke. Changed'])
  expect(outputs).toEqual([['Removed a', '1', 'Missing']])
  expect(text).toContain('Run B has no outputs.')
  expect(text).toContain('Neither run has inputs.')
})

test('words that changed in a long text are marked in both', async () => {
  const report = `${'Nothing has changed here. '.repeat(40)}It was built in 1991 off the coast.`
  const app = await withRuns(
    { outputs: JSON.stringify({ report }) },
    { outputs: JSON.stringify({ report: report.replace('1991', '1992').replace('coast', 'Danish coast') }) },
  )
  const { html, outputs } = await compared(app)
  expect(html.querySelectorAll('del').map(({ text }) => text)).toEqual(['1991'])
  expect(html.querySelectorAll('ins').map(({ text }) => text.trim())).toEqual(['1992', 'Danish'])
  expect(outputs[0]![1]).toContain('same characters')
  expect(outputs[0]![1]!.length).toBeLessThan(400)
})

test('paths are written as one would in code', async () => {
  const value = (n: number) => JSON.stringify({ list: [{ 'odd name': n }], 'a.b': n, plain: { deeper: n } })
  const { outputs } = await compared(await withRuns({ outputs: value(1) }, { outputs: value(2) }))
  expect(outputs.map(([where]) => where)).toEqual([
    'Changed list[0]["odd name"]',
    'Changed ["a.b"]',
    'Changed plain.deeper',
  ])
})

test('items that are the same in a row are one line', async () => {
  const list = Array.from({ length: 30 }, (_, index) => index)
  const app = await withRuns(
    { outputs: JSON.stringify({ list }) },
    { outputs: JSON.stringify({ list: [...list, 99] }) },
  )
  const { outputs, text } = await compared(app)
  expect(outputs).toEqual([
    ['Same list[0…29]', '30 items'],
    ['Added list[30]', 'Missing', '99'],
  ])
  expect(text).toContain('1 added · 30 the same')
})

test('equal payloads say so', async () => {
  const app = await withRuns(
    { outputs: '{"a": 1, "b": 2}', inputs: '{"x": "é"}' },
    { outputs: '{"b":2,"a":1}', inputs: '{"x": "\\u00e9"}' },
  )
  const { text, html } = await compared(app)
  expect(text).toContain('Both have the same outputs.')
  expect(text).toContain('Both have the same inputs.')
  expect(html.querySelectorAll('.only-changes')).toHaveLength(0)
})

test('what Python wrote is compared too', async () => {
  const { outputs, text } = await compared(
    await withRuns({ outputs: `{'a': None}`, inputs: '<Model>' }, { outputs: '{"a": NaN}', inputs: '<Other>' }),
  )
  expect(outputs).toEqual([['Changed a', 'null', 'NaN']])
  expect(text).toContain('The inputs are not both JSON, so they are compared as text.')
})

test.each([
  [
    'differ',
    'x',
    'The outputs differ. They are too large to compare value by value (5,000,011 and 5,000,011 characters)',
  ],
  ['are equal', 'y', 'Both have the same outputs, character by character.'],
])('payloads of 5 MB that %s are not shown', async (_, letter, sentence) => {
  const large = (one: string) => JSON.stringify({ text: one.repeat(5_000_000) })
  const app = await withRuns({ outputs: large(letter) }, { outputs: large('y') })
  const answer = await app.inject({ url: '/runs/compare?a=one&b=two', headers: { accept: 'text/html' } })
  expect(answer.payload).toContain(sentence)
  expect(answer.payload.length).toBeLessThan(20_000)
})

test('many differences make a small page that says it is not all', async () => {
  const many = (n: number) =>
    JSON.stringify(
      Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`name ${index}`, 'x'.repeat(40) + index * n])),
    )
  const answer = await (await withRuns({ outputs: many(1) }, { outputs: many(2) })).inject({
    url: '/runs/compare?a=one&b=two',
    headers: { accept: 'text/html' },
  })
  expect(answer.payload).toContain('Only the first 500 differences are shown.')
  expect(answer.payload.length).toBeLessThan(400_000)
})

test('a long value is cut, and says so', async () => {
  const app = await withRuns(
    { outputs: '{}' },
    { outputs: JSON.stringify({ text: 'x'.repeat(10_000), list: Array(3000).fill(7) }) },
  )
  const { outputs } = await compared(app)
  expect(outputs[0]![2]).toContain('… 7,002 more characters …')
  expect(outputs[1]![2]).toContain('more characters …')
})

test('scripts get the differences with all digits, by JSON pointers', async () => {
  const app = await withRuns(
    { outputs: '{"n": 12345678901234567890, "same": 1, "a/b": [1]}', duration_seconds: 2 },
    { outputs: '{"n": 12345678901234567891, "same": 1, "a/b": [NaN], "new": 0.10}', duration_seconds: 3.5 },
  )
  const { text, json, status } = await api(app, 'GET', '/runs/compare?a=one&b=two')
  expect(status).toBe(200)
  expect(json).toMatchObject({
    a: { run_id: 'one' },
    b: { run_id: 'two' },
    duration_seconds_difference: 1.5,
    total_tokens_difference: null,
    inputs: { is_same: true, differences: [] },
    outputs: { is_same: false, compared_by: 'values', is_cut: false },
  })
  expect(json.outputs.differences.map(({ kind, path }: Record<string, string>) => [kind, path])).toEqual([
    ['changed', '/n'],
    ['changed', '/a~1b/0'],
    ['added', '/new'],
  ])
  expect(text).toContain('"a":12345678901234567890,"b":12345678901234567891')
  expect(text).toContain('"a":1,"b":null')
  expect(text).toContain('"b":0.10')
})

test('texts that are no JSON are given to scripts as strings', async () => {
  const { json } = await api(
    await withRuns({ outputs: 'a "text"' }, { outputs: '{}' }),
    'GET',
    '/runs/compare?a=one&b=two',
  )
  expect(json.outputs).toMatchObject({
    compared_by: 'texts',
    differences: [{ kind: 'changed', path: '', a: 'a "text"', b: '{}' }],
  })
})

test.each([
  ['/runs/compare?a=one&b=none', 404, ['b']],
  ['/runs/compare?a=none&b=none', 404, ['a', 'b']],
  ['/runs/compare?a=one', 422, ['b']],
  ['/runs/compare', 422, ['a', 'b']],
  ['/runs/compare?a=one&b=one', 422, ['b']],
  ['/runs/compare?run=one&run=two&run=three', 422, ['run']],
])('scripts hear what is wrong with %s', async (path, status, fields) => {
  expectProblem(await api(await withRuns(), 'GET', path), status, fields)
})

test('an id that is not known is said at its field, and stays typed', async () => {
  const { html, status } = await page(await withRuns(), '/runs/compare?a=one&b=%3Cnone%3E')
  expect(status).toBe(404)
  const field = html.querySelector('input[name=b]')!
  expect(field.attributes).toMatchObject({
    value: '<none>',
    'aria-invalid': 'true',
    'aria-describedby': 'compare-b-error',
  })
  expect(html.querySelector('#compare-b-error')!.text.trim()).toBe('There is no run "<none>".')
  expect(html.querySelector('input[name=a]')!.getAttribute('value')).toBe('one')
  expect(html.querySelectorAll('.error')).toHaveLength(1)
})

test('addresses of runs and space around ids are understood', async () => {
  const app = await withRuns({ outputs: '1' }, { outputs: '2' })
  const query = new URLSearchParams({ a: 'http://localhost:8000/runs/one?x#y', b: ' two ' })
  expect((await compared(app, `/runs/compare?${query}`)).outputs).toEqual([['Changed Whole value', '1', '2']])
})

test('two rows that were ticked in a list are compared, the newer one as B', async () => {
  const { html } = await compared(await withRuns(), '/runs/compare?run=two&run=one')
  expect(html.querySelectorAll('.compared-facts thead a').map((link) => link.getAttribute('href'))).toEqual([
    '/runs/one',
    '/runs/two',
  ])
})

test('A and B can be swapped, and others chosen', async () => {
  const { html } = await compared(await withRuns())
  expect(html.querySelectorAll('.head-end a').map((link) => link.getAttribute('href'))).toEqual([
    '/runs/compare?b=two',
    '/runs/compare?a=two&b=one',
  ])
})

test('without runs there is a form that asks for both', async () => {
  const { html, status } = await page(await withRuns(), '/runs/compare')
  expect(status).toBe(200)
  expect(
    html
      .querySelectorAll('form[action="/runs/compare"] input')
      .map(({ attributes }) => [attributes.name, attributes.value]),
  ).toEqual([
    ['a', ''],
    ['b', ''],
  ])
  expect(html.querySelectorAll('.error')).toHaveLength(0)
})

test('the page of a run leads to the runs it can be compared with', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const [first, second] = [await execute(app, 'writer'), await execute(app, 'writer')]
  await Promise.all([ended(app, first), ended(app, second)])
  const again = (await api(app, 'POST', `/runs/${second}/rerun`)).json.run_id
  await ended(app, again)

  const { html } = await page(app, `/runs/${second}`)
  const link = html.querySelector('.head-end a[href^="/runs/compare"]')!
  expect(link.text.trim()).toBe('Compare')
  const choice = await partial(app, link.getAttribute('hx-get')!)
  const suggestions = choice.html.querySelectorAll('.suggested a').map((one) => [one.text, one.getAttribute('href')])
  expect(suggestions).toEqual([
    ['Its rerun', `/runs/compare?a=${second}&b=${again}`],
    ['Previous run', `/runs/compare?a=${first}&b=${second}`],
  ])
  for (const [, path] of suggestions) expect((await page(app, path!)).status).toBe(200)
  const ofTheRepeat = await partial(app, `/runs/compare?b=${again}`)
  expect(clean(ofTheRepeat.html.querySelector('.suggested li')!.text)).toContain('The run it repeats Completed')
})

test('a run that is called compare does not stand in the way', async () => {
  const app = await withRuns({ id: 'compare' })
  expect((await page(app, '/runs/compare?a=compare&b=two')).html.querySelector('h1')!.text).toBe('Compare two runs')
})

test('the form says of neither run which is the earlier one', async () => {
  const { html } = await page(await withRuns(), '/runs/compare?a=two&b=nowhere')
  expect(html.querySelectorAll('form label').map(({ text }) => text)).toEqual(['Run A', 'Run B'])
  expect(html.querySelectorAll('form input').map((field) => field.getAttribute('value'))).toEqual(['two', 'nowhere'])
})
