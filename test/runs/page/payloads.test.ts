import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, type TestApp } from '../../support/app.ts'
import { insertRuns } from '../../support/runs/runs.ts'

async function withOutputs(outputs: string | null): Promise<TestApp> {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'one', inputs: '{"n": 12345678901234567890}', outputs }])
  return app
}

test('gives inputs and outputs raw, byte for byte, as JSON where they are that', async () => {
  const app = await withOutputs('{ "a" : 1.0 }')
  const inputs = await app.inject('/runs/one/inputs')
  expect(inputs.payload).toBe('{"n": 12345678901234567890}')
  expect(inputs.headers['content-type']).toBe('application/json; charset=utf-8')
  expect((await app.inject('/runs/one/outputs')).payload).toBe('{ "a" : 1.0 }')
})

test.each([
  ['a repr of Python', `{'topic': "AI's", 'x': None}`],
  ['JSON with NaN', '{"score": NaN}'],
  ['markup', '<script>alert(1)</script>'],
])('gives %s raw as plain text, which no browser runs', async (_, outputs) => {
  const app = await withOutputs(outputs)
  const response = await app.inject({ url: '/runs/one/outputs', headers: { accept: 'text/html' } })
  expect(response.payload).toBe(outputs)
  expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(response.headers['x-content-type-options']).toBe('nosniff')
})

test('what is not there is empty, and what has no such name is 404', async () => {
  const app = await withOutputs(null)
  expect((await app.inject('/runs/one/outputs')).payload).toBe('')
  expectProblem(await api(app, 'GET', '/runs/one/status'), 404)
  expectProblem(await api(app, 'GET', '/runs/one/__proto__'), 404)
  expectProblem(await api(app, 'GET', '/runs/two/outputs'), 404)
})

test('shows the beginning of a payload that is too long for a page, and where the rest is', async () => {
  const app = await withOutputs(JSON.stringify({ text: 'x'.repeat(100_000) }))
  const { html } = await page(app, '/runs/one?tab=json')
  const shown = html.querySelector('#outputs-text')!.text.length
  expect(shown).toBeGreaterThan(60_000)
  expect(shown).toBeLessThan(70_000)
  expect(html.querySelector('.more')!.text).toBe('34,475 more characters. Show all')
  expect((await app.inject(html.querySelector('.more a')!.getAttribute('href')!)).payload).toHaveLength(100_011)
})

const deep = 20_000

test.each([
  ['lists', `${'['.repeat(deep)}${']'.repeat(deep)}`],
  ['objects', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`],
  ['lists around NaN', `${'['.repeat(deep)}NaN${']'.repeat(deep)}`],
])('shows %s nested thousands deep, as page and as JSON', async (_, outputs) => {
  const app = await withOutputs(outputs)
  const shown = await page(app, '/runs/one?tab=json')
  expect(shown.status).toBe(200)
  expect(shown.html.outerHTML.length).toBeLessThan(10_000_000)
  const response = await app.inject({ url: '/runs/one', headers: { accept: 'application/json' } })
  expect(response.statusCode).toBe(200)
  expect(response.payload).toContain('"run_id":"one"')
})

test('a script gets null for NaN, and every other digit as it was written', async () => {
  const app = await withOutputs('{"score": NaN, "id": 12345678901234567890, "word": "NaN"}')
  const { text } = await api(app, 'GET', '/runs/one')
  expect(text).toContain('"outputs":{"score": null, "id": 12345678901234567890, "word": "NaN"}')
})

test('a script gets as a string what is not JSON', async () => {
  const app = await withOutputs(`{'topic': None}`)
  expect((await api(app, 'GET', '/runs/one')).json.outputs).toBe(`{'topic': None}`)
})

test('colours names, strings, numbers and words', async () => {
  const app = await withOutputs('{"name": ["text", -1.5e3, true, null]}')
  const { html } = await page(app, '/runs/one?tab=json')
  const spans = html.querySelectorAll('#outputs-text span').map((span) => [span.classNames, span.text])
  expect(spans).toEqual([
    ['json-name', '"name"'],
    ['json-string', '"text"'],
    ['json-number', '-1.5e3'],
    ['json-word', 'true'],
    ['json-word', 'null'],
  ])
})
