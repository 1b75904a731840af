import { expect, test } from 'vitest'
import { buildTestApp, page } from '../../support/app.ts'
import { insertRuns } from '../../support/runs/runs.ts'

async function shown(text: string) {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'one', outputs: JSON.stringify({ report: text }) }])
  const { html } = await page(app, '/runs/one?tab=json')
  return html.querySelector('[aria-labelledby="outputs-title"] .tree .leaf')!
}

test('Markdown is shown rendered, with its text beside it', async () => {
  const text = '# Title\n\nSome **strong** words:\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n'
  const leaf = await shown(text)
  const prose = leaf.querySelector('.prose')!
  expect(prose.querySelector('h1')!.text).toBe('Title')
  expect(prose.querySelector('strong')!.text).toBe('strong')
  expect(prose.querySelectorAll('li').map((item) => item.text)).toEqual(['one', 'two'])
  expect(prose.querySelectorAll('td').map((cell) => cell.text)).toEqual(['1', '2'])
  expect(leaf.querySelector('.as-text .json-string')!.text).toContain('Some **strong** words')
})

test('a report of many pages is still rendered', async () => {
  const leaf = await shown(`# Report\n\n${'A sentence with **strong** words. '.repeat(400)}`)
  expect(leaf.querySelector('.prose h1')!.text).toBe('Report')
})

test('a report of 90 KB is still rendered, and of a longer one the beginning has its line breaks', async () => {
  const report = (length: number) => `# Report\n\n${'A line with **strong** words.\n'.repeat(length / 30)}`
  const rendered = await shown(report(90_000))
  expect(rendered.querySelectorAll('.prose strong')).toHaveLength(3000)
  const long = await shown(report(1_000_000))
  expect(long.querySelector('.prose')).toBeNull()
  expect(long.querySelector('.json-string')!.text).toMatch(/^"# Report\n\nA line with/)
  expect(long.text).toMatch(/… 1,\d{3},\d{3} more characters, in Raw/)
})

test.each(['[', '![', '[a][', '- a\n', '| a\n|-\n', '~~a', '<https://a', 'mailto:a@b ', '**_**_', '> - a\n', '# a\n'])(
  'a text that would keep everybody waiting is shown as text with its line breaks: 95 KB of %j',
  async (mark) => {
    const leaf = await shown(`# Title\n\n${mark.repeat(95_000 / mark.length)}`)
    expect(leaf.querySelector('.prose')).toBeNull()
    expect(leaf.querySelector('.json-string')!.text.startsWith(`"# Title\n\n${mark}`)).toBe(true)
  },
)

test.each(['- ', '> '])('a text that is nested too deep to be rendered is shown whole, as text: %j', async (mark) => {
  const text = (depth: number) => `# Title\n\n${mark.repeat(depth)}innermost\n\nThe end.`
  expect((await shown(text(20))).querySelector('.prose')!.text).toMatch(/innermost[\s\S]*The end/)
  const leaf = await shown(text(300))
  expect(leaf.querySelector('.prose')).toBeNull()
  expect(leaf.text).toContain('innermost')
  expect(leaf.text).toContain('The end.')
})

test('many short texts are rendered for as long as they take together no longer than one may', async () => {
  const app = await buildTestApp()
  const texts = Array.from({ length: 100 }, () => `# Title\n\n${'['.repeat(450)}`)
  await insertRuns(app, [{ id: 'one', outputs: JSON.stringify(texts) }])
  const { html } = await page(app, '/runs/one?tab=json')
  const leaves = html.querySelectorAll('[aria-labelledby="outputs-title"] .tree .leaf')
  const rendered = leaves.map((leaf) => leaf.querySelector('.prose') !== null)
  expect(leaves.length).toBeGreaterThan(50)
  expect(rendered[0]).toBe(true)
  expect(rendered.at(-1)).toBe(false)
})

test.each([
  ['points', '- A point of some length, with **bold words** in it.\n', 'li', 1698],
  ['rows', '| one cell | another cell with words | 123 |\n', 'tr', 2001],
  ['links', 'See [the docs](https://example.org/docs/of-this) and `code`, all of it.\n\n', 'a', 1232],
])('long reports are rendered: 90 KB of %s', async (_, line, selector, count) => {
  const head = selector === 'tr' ? '| a | b | c |\n|---|---|---|\n' : '# Title\n\n'
  const leaf = await shown(head + line.repeat(90_000 / line.length))
  expect(leaf.querySelectorAll(`.prose ${selector}`)).toHaveLength(count)
})

test.each([
  ['a list of a Windows program', 'Points:\r\n\r\n- one\r\n- two\r\n', 'li', ['one', 'two']],
  ['a numbered list', '1) one\r\n2) two', 'li', ['one', 'two']],
  ['a list with longer points', '* one\n  more\n* two', 'li', ['one\n\nmore', 'two']],
  ['a table of a Windows program', '| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n', 'td', ['1', '2']],
  ['a table without outer pipes', 'a | b\n--- | :-:\n1 | 2', 'td', ['1', '2']],
  ['an aligned table', '| a | b |\n|--:|:-:|\n| 1 | 2 |', 'td[align="right"]', ['1']],
  ['a link by reference', 'See [the docs][1].\n\n[1]: https://example.org/docs', 'a', ['the docs']],
  ['struck words', 'It is ~~three~~ four.', 's', ['three']],
  ['a fence of tildes', 'Run:\n~~~sh\nls -l\n~~~', 'pre', ['ls -l\n']],
  ['a link alone', 'See [the docs](https://example.org/docs) for more.', 'a', ['the docs']],
  ['an address in brackets', 'See <https://example.org/docs>.', 'a', ['https://example.org/docs']],
  ['a heading with a line under it', 'Title\n=====\nText', 'h1', ['Title']],
  ['a quotation', 'He said:\n> Hello', 'blockquote', ['\nHello\n']],
  ['a bare address in Markdown', '# Title\n\nhttps://example.org/docs.', 'a', ['https://example.org/docs']],
])('Markdown is known by %s', async (_, text, selector, texts) => {
  const prose = (await shown(text)).querySelector('.prose')!
  expect(prose.querySelectorAll(selector).map((one) => one.text)).toEqual(texts)
})

test('lines of Markdown stay lines', async () => {
  const prose = (await shown('**Berlin**\n10115')).querySelector('.prose')!
  expect(prose.querySelectorAll('br')).toHaveLength(1)
})

test.each([
  ['See https://example.org/a?b=1&c=2.', 'https://example.org/a?b=1&c=2'],
  ['(http://localhost:8001/docs)', 'http://localhost:8001/docs'],
  ['见 https://example.org/文档', 'https://example.org/文档'],
  ['Write to mailto:me@example.org!', 'mailto:me@example.org'],
  ['"https://example.org/x"', 'https://example.org/x'],
])('a bare address in a text is a link: %s', async (text, href) => {
  const leaf = await shown(text)
  expect(leaf.querySelector('.prose')).toBeNull()
  expect(leaf.querySelectorAll('a').map(({ attributes }) => attributes)).toEqual([
    { href, rel: 'noopener noreferrer nofollow', target: '_blank' },
  ])
  expect(leaf.querySelector('.json-string')!.text).toBe(`"${text}"`)
})

test.each([
  'javascript://example.org/%0aalert(1)',
  'data:text/html,x',
  'ftp://example.org/x',
  '//example.org/x',
  'example.org, file.md and me@example.org',
  'https://',
])('what is no address of the web is no link: %s', async (text) => {
  expect((await shown(text)).querySelectorAll('a')).toEqual([])
})

test('an address cannot break out of its link', async () => {
  const leaf = await shown('https://example.org/"onmouseover="alert(1)"><script>alert(1)</script>')
  for (const { attributes } of leaf.querySelectorAll('a')) {
    expect(Object.keys(attributes)).toEqual(['href', 'rel', 'target'])
  }
  expect(leaf.querySelectorAll('script')).toEqual([])
})

test('letters are shown in place of their escapes, in the tree and in the text', async () => {
  const app = await buildTestApp()
  const outputs = String.raw`{"\u6807\u9898": "\u4f60\u597d \"\u00e9\" C:\\dir <b>\u003ci\u003e"}`
  await insertRuns(app, [{ id: 'one', outputs }])
  const { html } = await page(app, '/runs/one?tab=json')
  const leaf = html.querySelector('[aria-labelledby="outputs-title"] .tree .leaf')!
  expect(leaf.text.trim()).toBe(String.raw`标题: "你好 "é" C:\dir <b><i>"`)
  expect(leaf.querySelectorAll('b, i')).toEqual([])
  expect(html.querySelector('#outputs-text')!.text).toContain(String.raw`"标题": "你好 \"é\" C:\\dir <b><i>"`)
  expect((await app.inject('/runs/one/outputs')).payload).toBe(outputs)
})

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java&#10;script:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '[x](/runs/one/cancel)',
  '![x](https://example.org/tracker.png)',
  '![x](javascript:alert(1))',
  '[x][y]\n\n[y]: javascript:alert(1)',
  '<https://example.org" onmouseover="alert(1)>',
  '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
  '[x](https://example.org "t\\" onclick=\\"alert(1)")',
  '``` "><script>alert(1)</script>\nx\n```',
  '<style>*{display:none}</style><iframe src=//example.org></iframe>',
  '<div hx-get="/x" hx-trigger="load">x</div>',
]

test.each(attacks)('what could do harm in Markdown does none: %s', async (attack) => {
  const leaf = await shown(`# Title\n\n${attack}\n`)
  const prose = leaf.querySelector('.prose')!
  expect(prose.querySelectorAll('script, img, style, iframe, svg, form, input, button, div, object, embed')).toEqual([])
  for (const { rawTagName, attributes } of prose.querySelectorAll('*')) {
    const allowed = rawTagName === 'a' ? ['href', 'rel', 'target', 'title'] : ['class', 'align', 'start']
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(attributes)))
    if (attributes.href !== undefined) expect(attributes.href).toMatch(/^(https?:|mailto:)/)
    if (attributes.align !== undefined) expect(attributes.align).toMatch(/^(left|right|center)$/)
  }
})

test('a link to the web opens elsewhere and tells nothing of this page', async () => {
  const leaf = await shown('# Title\n\n[here](https://example.org/?a=1&b=2)')
  expect(leaf.querySelector('.prose a')!.attributes).toEqual({
    href: 'https://example.org/?a=1&b=2',
    rel: 'noopener noreferrer nofollow',
    target: '_blank',
  })
})

test.each(['Plain text.', 'a * b * c', 'Two lines\nof text', '1. only one point', '#hashtag', 'x_y_z', '- a dash'])(
  'plain text stays text: %s',
  async (text) => {
    const leaf = await shown(text)
    expect(leaf.querySelector('.prose')).toBeNull()
  },
)
