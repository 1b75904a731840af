import { expect, test } from 'vitest'
import { buildTestApp, page } from '../../support/app.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const words = (text: string) => text.replace(/\s+/g, ' ').trim()

/** What stands on the page of a run with these outputs, in its order. */
async function resultOf(outputs: unknown) {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'one', outputs: typeof outputs === 'string' ? outputs : JSON.stringify(outputs) }])
  const { html, text } = await page(app, '/runs/one')
  const sections = html.querySelectorAll('.output').map((section) => ({
    section,
    head: section.querySelectorAll('header > span').map((part) => part.text),
    text: words(section.text),
  }))
  return { app, html, text, sections, heads: sections.map(({ head }) => head) }
}

const long = 'A sentence that is longer than what stands beside a name, so that it needs a place of its own.'

test('the longest text comes first, as a document; then what is long or nested; short values stand beside their names', async () => {
  const { sections, heads, html } = await resultOf({
    language: 'en',
    summary: long,
    report: `# Title\n\nSome **strong** words. ${long} ${long}`,
    sources: [
      { title: 'One  source', url: 'https://www.example.org/a?b=1' },
      { name: 'Two', link: 'http://localhost:8080/b' },
    ],
    steps: [{ name: 'plan', ms: 120 }],
    score: 0.5,
    tags: ['a', 'b'],
    page: 'https://example.org/x',
    none: null,
    empty: '',
  })
  expect(heads).toEqual([
    ['report', 'Markdown · 44 words'],
    ['summary', 'Text · 20 words'],
    ['sources', '2 items'],
    ['steps', '1 item'],
    [],
  ])
  const [report, summary, sources, steps, fields] = sections
  expect(report!.section.classNames).toBe('output document')
  expect(report!.section.querySelector('.prose h1')!.text).toBe('Title')
  expect(summary!.section.classNames).toBe('output')
  expect(summary!.section.querySelector('.prose')!.text).toBe(long)
  expect(
    sources!.section
      .querySelectorAll('a')
      .map((link) => [link.getAttribute('href'), link.querySelectorAll('span').map(({ text }) => text)]),
  ).toEqual([
    ['https://www.example.org/a?b=1', ['O', 'One source', 'example.org']],
    ['http://localhost:8080/b', ['T', 'Two', 'localhost:8080']],
  ])
  for (const { attributes } of sources!.section.querySelectorAll('a')) {
    expect(attributes).toMatchObject({ rel: 'noopener noreferrer nofollow', target: '_blank' })
  }
  expect(steps!.section.querySelector('.tree')!.text).toContain('"plan"')
  expect(
    fields!.section.querySelectorAll('div').map(({ children }) => children.map(({ text }) => words(text))),
  ).toEqual([
    ['language', 'en'],
    ['score', '0.5'],
    ['tags', 'a b'],
    ['page', 'https://example.org/x'],
    ['none', 'null'],
    ['empty', '""'],
  ])
  expect(html.querySelector('[data-copies-from]')!.getAttribute('data-copies-from')).toBe(
    '/runs/one/outputs?at=%2Freport',
  )
})

test.each([
  ['a text that is all of it', JSON.stringify(long), [['', 'Text · 20 words']]],
  ['a list that is all of it', '[{"a": 1}, 2]', [['', '2 items']]],
  [
    'an object alone in an object',
    JSON.stringify({ result: { report: long, a: { b: 1 } } }),
    [
      ['result.report', 'Text · 20 words'],
      ['result.a', '1 value'],
    ],
  ],
  [
    'a list with something else than links',
    '{"links": ["https://example.org", "none"], "x": ["javascript:alert(1)", {"url": "javascript:alert(1)"}]}',
    [
      ['links', '2 items'],
      ['x', '2 items'],
    ],
  ],
  ['a repr of Python', "{'a': None}", [['', 'Text · 2 words']]],
  ['words in italics', JSON.stringify({ text: `${long} *So* it is.` }), [['text', 'Markdown · 23 words']]],
])('%s has its place', async (_, outputs, heads) => {
  expect((await resultOf(outputs)).heads).toEqual(heads)
})

test('a text is copied without quotes and escapes; what is not there is 404', async () => {
  const text = '# One\n\n"Two" — é 🏔'
  const { app } = await resultOf({ report: text, list: [1, 2] })
  const answer = await app.inject('/runs/one/outputs?at=/report')
  expect([answer.payload, answer.headers['content-type']]).toEqual([text, 'text/plain; charset=utf-8'])
  expect((await app.inject('/runs/one/outputs?at=/list')).payload).toBe('[1,2]')
  expect((await app.inject('/runs/one/outputs?at=/none')).statusCode).toBe(404)
})

test('of long outputs the start is shown, and where the rest is', async () => {
  const text = await resultOf({ first: 1, report: 'word '.repeat(400_000), last: 2 })
  expect(text.sections.map(({ section }) => section.querySelector('.code')!.text)).toEqual(['report', 'first'])
  expect(text.html.querySelector('.output a.link')!.getAttribute('href')).toBe('/runs/one/outputs?at=%2Freport')
  expect(text.html.querySelector('article > .more')!.text).toBe('There is more in JSON.')

  const many = await resultOf(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`n${index}`, index])))
  expect(many.html.querySelectorAll('.output.fields > div')).toHaveLength(60)
  expect(many.html.querySelector('article > .more a')!.getAttribute('href')).toBe('/runs/one?tab=json')

  const nested = await resultOf({ rows: Array.from({ length: 100_000 }, (_, index) => ({ index })), after: 1 })
  expect(nested.html.querySelectorAll('.tree .json-number').length).toBeGreaterThan(50)
  const more = nested.html.querySelector('.tree a[hx-get]')!.getAttribute('hx-get')!
  expect((await nested.app.inject(more)).payload).toContain('json-number')
})
