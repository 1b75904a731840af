import { expect, test } from 'vitest'
import { filesUnder, readProjectFile } from './sources.ts'

const views = filesUnder('views', '.eta')
const partials = views.filter((path) => path.split('/').at(-1)!.startsWith('_'))
const linesWith = (pattern: RegExp) =>
  views.flatMap((path) =>
    readProjectFile(path)
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )

test('the views were found', () => {
  expect(views.length).toBeGreaterThan(15)
})

test('no line is longer than 140 characters', () => {
  expect(linesWith(/.{141,}/)).toEqual([])
})

test('no view holds a script or a style of its own: the content security policy forbids both', () => {
  expect(linesWith(/<script(?![^>]*\ssrc=)/i)).toEqual([])
  expect(linesWith(/<style|\sstyle\s*=/i)).toEqual([])
  expect(linesWith(/[\s"']on[a-z]+\s*=\s*["']/i)).toEqual([])
  expect(linesWith(/javascript:/i)).toEqual([])
})

test('no view uses what needs eval: hx-on, js: values and filters on triggers', () => {
  expect(linesWith(/hx-on/i)).toEqual([])
  expect(linesWith(/["']\s*js:/i)).toEqual([])
  expect(linesWith(/hx-trigger="[^"]*\[/i)).toEqual([])
})

test('everything that is printed unescaped is made by a view, or by the server itself', () => {
  const raw = linesWith(/<%~/).filter((line) => {
    const printed = [...line.matchAll(/<%~\s*([\s\S]*?)\s*%>/g)].map(([, code]) => code!)
    return !printed.every(
      (code) =>
        /^((include|icon|pageIcon|iconOfPage|opensDialog|fieldMarks|attributes)\(|it\.body$)/.test(code) ||
        isOurOwnMarkup(code),
    )
  })
  expect(raw).toEqual([])
})

/** Closing tags, attributes made in the same view, regions that were printed before, and Markdown that was made safe. */
function isOurOwnMarkup(code: string): boolean {
  return /^(it\.control === 'boolean' \? '<\/fieldset>' : '<\/div>'|attributes|described \? ' aria-describedby="' \+ described \+ '"' : ''|it\.agents\.(list|head|tabs)|(node|it|it\.result)\.prose)$/.test(
    code,
  )
}

test('browsers keep no hidden field over a reload, and no button disabled: a form is what it shows', () => {
  const hidden = linesWith(/type="hidden"/).flatMap((line) => line.match(/<input type="hidden"[^>]*>/g) ?? [line])
  expect(hidden.length).toBeGreaterThan(8)
  expect(hidden.filter((input) => !input.includes(' autocomplete="off"'))).toEqual([])
  const disabling = views.map(readProjectFile).filter((view) => /hx-disable="find \.(primary|danger)"/.test(view))
  expect(disabling.length).toBeGreaterThan(3)
  for (const view of disabling) {
    const included = [...view.matchAll(/include\('([^']+)'/g)].map(([, name]) => readProjectFile(`views${name}.eta`))
    const markup = [view, ...included].join('')
    expect(markup).toMatch(/class="button (primary|danger)( large)?"[^>]*type="submit" autocomplete="off"/)
  }
})

test('pages have a layout, and partials none', () => {
  expect(partials.filter((path) => readProjectFile(path).includes('layout('))).toEqual([])
  const pages = views.filter((path) => !partials.includes(path) && !path.startsWith('views/layouts/'))
  expect(pages.filter((path) => !readProjectFile(path).match(/^<% layout\('\/layouts\/(page|bare)', it\) %>/))).toEqual(
    [],
  )
})

test('every view that is named is there', () => {
  const included = views.flatMap((path) =>
    [...readProjectFile(path).matchAll(/(?:include|layout)\('(\/[^']+)'/g)].map(([, name]) => `views${name}.eta`),
  )
  const routes = filesUnder('src/web', '.ts').flatMap((path) =>
    [
      ...readProjectFile(path).matchAll(
        /'((?:access|agents|api|audit|bulk|compare|doctor|forms|history|nodes|overview|palette|runs|shared|system)\/[\w/-]+)'/g,
      ),
    ].map(([, name]) => `views/${name}.eta`),
  )
  expect(routes.length).toBeGreaterThan(8)
  expect([...included, ...routes].filter((path) => !views.includes(path))).toEqual([])
  expect(views.filter((path) => ![...included, ...routes].includes(path))).toEqual([])
})

test('a region that polls names itself, and keeps what is shown when an answer is an error', () => {
  const polling = views.filter((path) => /hx-trigger="every/.test(readProjectFile(path)))
  expect(polling.length).toBeGreaterThan(3)
  for (const path of polling) {
    const markup = readProjectFile(path).replaceAll(/<%[\s\S]*?%>/g, '')
    const opening = /<\w+[^>]*hx-trigger="every[^>]*>/.exec(markup)![0]
    expect(opening, path).toMatch(/\sid="/)
    for (const attribute of [
      'hx-get=',
      'hx-swap="outerMorph"',
      'hx-status:4xx="swap:none"',
      'hx-status:5xx="swap:none"',
      'data-polls',
    ]) {
      expect(opening, path).toContain(attribute)
    }
  }
})
