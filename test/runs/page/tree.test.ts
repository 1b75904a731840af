import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page, type TestApp } from '../../support/app.ts'
import { insertRuns } from '../../support/runs/runs.ts'

async function withOutputs(outputs: unknown): Promise<TestApp> {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'one', outputs: typeof outputs === 'string' ? outputs : JSON.stringify(outputs) }])
  return app
}

async function tree(app: TestApp) {
  return (await page(app, '/runs/one?tab=json')).html.querySelector('[aria-labelledby="outputs-title"] .tree')!
}

/** Presses every "Show more", as the browser does, until there is none. Gives each answer's number of values. */
async function showAll(app: TestApp, root: Awaited<ReturnType<typeof tree>>) {
  const sizes = [root.querySelectorAll('.leaf, details').length]
  for (let link = root.querySelector('a[hx-get]'); link; link = root.querySelector('a[hx-get]')) {
    const answer = await app.inject({ url: link.getAttribute('hx-get')!, headers: { 'hx-request': 'true' } })
    expect(answer.statusCode, answer.payload).toBe(200)
    const more = parse(answer.payload, { blockTextElements: { script: true, style: true } })
    sizes.push(more.querySelectorAll('.leaf, details').length)
    link.closest('p')!.replaceWith(...more.childNodes)
  }
  return sizes
}

const numbersIn = (root: { querySelectorAll: (selector: string) => { text: string }[] }) =>
  root.querySelectorAll('.json-number').map(({ text }) => Number(text))
const range = (length: number) => Array.from({ length }, (_, index) => index)

test('a tree shows names, values, and how many there are', async () => {
  const shown = await tree(await withOutputs({ title: 'Hi', list: [1, true, null], none: {}, empty: [] }))
  const lines = shown.querySelectorAll('summary, .leaf').map(({ text }) => text.replace(/\s+/g, ' ').trim())
  expect(lines).toEqual(['{} 4', 'title: "Hi"', 'list: [] 3', '0: 1', '1: true', '2: null', 'none: {}', 'empty: []'])
})

const wide = { before: range(50), 'a/b': range(450).map((n) => n + 50), 'm~n': { '': range(300).map((n) => n + 500) } }
test.each([
  ['a list', range(1000), 1000],
  ['an object', Object.fromEntries(range(700).map((n) => [`name ${n}`, n])), 700],
  ['a list of lists', range(60).map((n) => range(20).map((m) => n * 20 + m)), 1200],
  ['objects under names with / and ~, and without any', wide, 800],
  ['lists in lists, each of them cut', [range(300), [range(300).map((n) => n + 300), 600], 601], 602],
])('"Show more" leads to all of it: %s', async (_, outputs, numbers) => {
  const app = await withOutputs(outputs)
  const root = await tree(app)
  expect(root.querySelectorAll('.leaf a[hx-get]').length).toBeGreaterThan(0)
  const sizes = await showAll(app, root)
  expect(sizes.length).toBeGreaterThan(0)
  for (const size of sizes) expect(size).toBeLessThanOrEqual(220)
  expect(numbersIn(root)).toEqual(range(numbers))
})

test.each([
  ['many times as long as a page', 'k'.repeat(4_000_000)],
  ['of which all is percent-encoded', '你'.repeat(2000)],
])(
  'a name %s is shown in its beginning, and what is in it is in Raw where no address can lead there',
  async (_, name) => {
    const app = await withOutputs({ [name]: range(300), after: 1 })
    const { html } = await page(app, '/runs/one?tab=json')
    const shown = html.querySelector('[aria-labelledby="outputs-title"] .tree')!
    expect(shown.querySelector('.json-name')!.text).toBe(`${name.slice(0, 500)}…`)
    expect(shown.toString()).not.toContain(name)
    expect(shown.text).toContain('More in Raw')
    expect(
      shown
        .querySelectorAll('a[hx-get]')
        .map((link) => new URL(link.getAttribute('hx-get')!, 'http://x').searchParams.get('at')),
    ).toEqual([''])
  },
)

test('what is nested deep is a click away, level after level', async () => {
  const app = await withOutputs(`${'{"a":'.repeat(100)}7${'}'.repeat(100)}`)
  const root = await tree(app)
  expect(numbersIn(root)).toEqual([])
  expect(await showAll(app, root)).toHaveLength(3)
  expect(numbersIn(root)).toEqual([7])
})

test('of much text the first 64 KiB are shown, and the rest by "Show more"', async () => {
  const app = await withOutputs(range(100).map((n) => `${n} ${'x'.repeat(3000)}`))
  const root = await tree(app)
  expect(root.querySelectorAll('.json-string')).toHaveLength(22)
  await showAll(app, root)
  expect(root.querySelectorAll('.json-string')).toHaveLength(100)
})

test('names that stand twice are both shown', async () => {
  const root = await tree(await withOutputs('{"a": 1, "a": {"b": 2}, "a": 3}'))
  expect(numbersIn(root)).toEqual([1, 2, 3])
})

test('a very long text says how much of it is missing', async () => {
  const root = await tree(await withOutputs({ text: 'x'.repeat(100_000) }))
  expect(root.text).toContain('more characters, in Raw')
  expect(root.text.length).toBeLessThan(70_000)
})

test.each([
  ['one text', JSON.stringify({ text: 'word '.repeat(1_000_000) })],
  ['many small values', JSON.stringify(range(700_000))],
  ['many objects', JSON.stringify(range(50_000).map((n) => ({ id: n, title: `Title ${n}`, text: 'x'.repeat(50) })))],
  ['long names', JSON.stringify(Object.fromEntries(range(50).map((n) => [`${n}${'n'.repeat(100_000)}`, n])))],
  ['markup', JSON.stringify(range(50_000).map(() => `<b>x</b>${'y'.repeat(80)}`))],
  ['nothing but brackets', `[${'[[],{}],'.repeat(600_000)}0]`],
  ['Markdown', JSON.stringify(range(50_000).map((n) => `# ${n}\n\n**a** *b* \`c\` ${'**x** '.repeat(15)}`))],
])('5 MB of %s open as a small page', async (_, outputs) => {
  expect(outputs.length).toBeGreaterThan(4_500_000)
  const app = await withOutputs(outputs)
  for (const url of ['/runs/one', '/runs/one?tab=json']) {
    const answer = await app.inject({ url, headers: { accept: 'text/html' } })
    expect(answer.statusCode).toBe(200)
    expect(Buffer.byteLength(answer.payload), url).toBeLessThan(300_000)
  }
})

test.each([
  ['short', `{'topic': "AI's", 'x': None}`],
  ['longer than what is looked through', `{'topic': '${'x'.repeat(2_000_000)}'}`],
  ['with lists', `[{'topic': '${'x'.repeat(2_000_000)}'}]`],
])('a repr of Python (%s) is shown as it is, and has no tree', async (_, outputs) => {
  const app = await withOutputs(outputs)
  const { html, status } = await page(app, '/runs/one?tab=json')
  expect(status).toBe(200)
  expect(html.querySelectorAll('.tree')).toHaveLength(0)
  expect(html.querySelector('#outputs-text')!.text === outputs.slice(0, 64 * 1024)).toBe(true)
  for (const at of ['', '/topic', '/0/topic']) {
    const answer = await app.inject(`/runs/one/outputs/tree?at=${encodeURIComponent(at)}`)
    expect([200, 404]).toContain(answer.statusCode)
  }
})

test('a place that is not in the tree is 404', async () => {
  const app = await withOutputs({ a: [1] })
  for (const at of ['/b', '/a/1', '/a/x', '/a/0/0', '/__proto__', '/a/-1']) {
    expectProblem(await api(app, 'GET', `/runs/one/outputs/tree?at=${encodeURIComponent(at)}`), 404)
  }
  for (const from of ['-1', 'x', '1e9', '']) {
    expect((await app.inject(`/runs/one/outputs/tree?at=/a&from=${from}`)).statusCode).toBe(200)
  }
})
