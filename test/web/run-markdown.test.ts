import { expect, test } from 'vitest'
import { buildTestApp, page } from '../support/app.ts'
import { insertRuns } from '../support/runs.ts'

async function shown(text: string) {
  const app = await buildTestApp()
  insertRuns(app, [{ id: 'one', outputs: JSON.stringify({ report: text }) }])
  const { html } = await page(app, '/runs/one')
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
    const allowed = rawTagName === 'a' ? ['href', 'rel', 'target', 'title'] : ['class', 'style', 'start']
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(attributes)))
    if (attributes.href !== undefined) expect(attributes.href).toMatch(/^(https?:|mailto:)/)
    if (attributes.style !== undefined) expect(attributes.style).toMatch(/^text-align:(left|right|center)$/)
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
