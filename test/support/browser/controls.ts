import { isDeepStrictEqual } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { press } from './press.ts'

/**
 * What can be pressed on a page, told apart by what a press is to do: a plain `link`, one that `downloads`, one that htmx
 * `loads` into the page, a `summary`, what `opens` or `closes` a dialog, and what only a test that knows it can judge (`other`).
 */
type Kind = 'link' | 'downloads' | 'loads' | 'summary' | 'opens' | 'closes' | 'other'
type Control = { kind: Kind; name: string; href: string }

/** A page, or a page in which something is open; `others` press what only they can judge, by its name. */
export type Walk = {
  open: (page: Page) => Promise<unknown>
  /** Where to look: by default what the page shows beside the bar on top. */
  within?: string
  others?: Record<string, Judge>
  /** None of `others` leads away or closes what is open: they are pressed one after another. */
  stays?: boolean
}
type Judge = (page: Page) => Promise<unknown>

/** Marks each control that can be seen with a number, and tells what it is. Rows that are alike have one name. */
const listControls = (within: string) => `(() => {
  const controls = document.querySelectorAll('a[href], button, summary, select, input[type="checkbox"], input[type="radio"]')
  const isSeen = (element) => {
    const box = (element.labels?.[0] ?? element).getBoundingClientRect()
    return element.checkVisibility() && !element.matches('[aria-hidden="true"]') && box.width > 1 && box.right > 0 && box.bottom > 0
  }
  const kindOf = (element) => {
    if (element.matches('[data-opens-dialog], [data-opens]')) return 'opens'
    if (element.matches('[data-opens-menu], [data-opens-palette]')) return 'other'
    if (element.matches('[data-closes]') && element.closest('dialog')) return 'closes'
    if (element.matches('summary')) return 'summary'
    if (element.matches('[download], [formaction$="/export"]')) return 'downloads'
    if (element.matches('a:not([hx-get])')) return 'link'
    return element.matches('a') && element.closest('[hx-push-url], [hx-push-url\\\\:inherited]') ? 'loads' : 'other'
  }
  const nameOf = (element) =>
    (element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText ?? element.textContent) || element.textContent
  for (const marked of document.querySelectorAll('[data-control]')) marked.removeAttribute('data-control')
  const seen = [...controls].filter((element) => element.closest('${within}') && isSeen(element))
  const mark = () => seen.forEach((element, index) => (element.labels?.[0] ?? element).setAttribute('data-control', index))
  mark()
  // A poll takes away what the server did not print.
  document.removeEventListener('htmx:after:swap', window.marksControls)
  window.marksControls = mark
  document.addEventListener('htmx:after:swap', mark)
  return seen.map((element) => {
    const words = nameOf(element).replace(/[\\d.,:]*\\d[\\d.,:]*/g, '#').replace(/\\S*…\\S+|\\S*\\d\\S*…/g, '#').replace(/\\s+/g, ' ').replace(/ #\\w* ago$/, '').trim().slice(0, 40).trim()
    const type = element.localName === 'a' ? 'link' : element.type && element.localName === 'input' ? element.type : element.localName
    return { kind: kindOf(element), name: [type, words].join(' '), href: element.getAttribute('href') ?? '' }
  })
})()`

/** Presses a link, and keeps the page where it is: resolves to where it would have gone. */
async function followed(page: Page, link: Locator): Promise<string | undefined> {
  await page.evaluate(`addEventListener('click', (event) => {
    const link = event.defaultPrevented ? undefined : event.target.closest('a[href]')
    window.led = link && new URL(link.getAttribute('href'), location.href).href
    event.preventDefault()
  }, { once: true })`)
  await press(link)
  return page.evaluate<string | undefined>('window.led')
}

/** Presses what htmx loads, and keeps the page as it is: resolves to what was asked for. */
async function asked(page: Page, target: Locator, index: number): Promise<string | undefined> {
  await page.evaluate(`{
    window.asked = undefined
    const note = (event) => {
      const { sourceElement, request } = event.detail.ctx
      if (!sourceElement.matches?.('[data-control="${index}"]')) return
      document.removeEventListener('htmx:before:request', note)
      window.asked = new URL(request.action, location.href).href
      event.preventDefault()
    }
    document.addEventListener('htmx:before:request', note)
  }`)
  await press(target)
  return page.evaluate<string | undefined>('window.asked')
}

const asHtmx = { accept: 'text/html', 'hx-request': 'true', 'hx-request-type': 'partial' }
/** Pages of other tests may have the same address; the ports of their servers differ. */
const answered = new Set<string>()

async function expectAnswer(page: Page, url: string, kind: Record<string, string>, name: string): Promise<void> {
  const cookies = await page.context().cookies(url)
  const headers = { ...kind, cookie: cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ') }
  const key = JSON.stringify([url, headers])
  if (answered.has(key)) return
  const { status } = await fetch(url, { headers })
  expect(status, `${name} leads to a page`).toBe(200)
  answered.add(key)
}

const dialog = (page: Page) => page.locator('dialog[open]')
const refused = (page: Page) => page.locator('.toast.bad').or(dialog(page).locator('#dialog-failure'))

/**
 * Presses everything of a page by its words, each by what it is to do. Fails where something can be pressed that no rule
 * and none of `others` judges, and where one of `others` is not there.
 */
export async function pressAll(
  page: Page,
  { open, within = 'main, dialog', others = {}, stays = false }: Walk,
): Promise<number> {
  const listed = async () => page.evaluate<Control[]>(listControls(within))
  await open(page)
  const all = await listed()
  let seen = all
  const controls = [...new Map(all.toReversed().map((one) => [likenessOf(one), one])).values()].toReversed()
  expect(controls, 'something can be pressed').not.toEqual([])
  const named = controls.filter(({ kind }) => kind === 'other').map(({ name }) => name)
  expect(named.sort(), 'what only a test of its own can judge').toEqual(Object.keys(others).sort())
  let isFresh = true
  let hasLoaded = false
  for (const control of controls) {
    const { name, kind } = control
    if (!isFresh) {
      await open(page)
      seen = await listed()
    }
    const likeness = likenessOf(control)
    const found = seen.map((one, index) => ({ ...one, index })).filter((one) => likenessOf(one) === likeness)
    expect(found, `${name} is there`).not.toEqual([])
    const [{ href, index }] = found as [Control & { index: number }]
    const target = page.locator(`[data-control="${index}"]`)
    // One load shows that what comes is put into the page.
    const judge = kind === 'loads' && hasLoaded ? judgedByRequest(page, { name, href, index }, target) : undefined
    hasLoaded ||= kind === 'loads'
    isFresh = await (judge ?? judged(page, { kind, name, href }, target, others[name])).catch((error) => {
      throw new Error(`${name}, ${page.url()}: ${error.message}`, { cause: error })
    })
    // To open a page anew for each of its controls is most of the time that this takes.
    if (kind === 'opens') await page.keyboard.press('Escape')
    if (['opens', 'downloads', 'link', 'loads', 'summary'].includes(kind) || stays) {
      seen = await listed()
      isFresh = isDeepStrictEqual(seen, all)
    }
    expect(await refused(page).count(), `${name} is refused`).toBe(0)
  }
  return controls.length
}

/** Links of one name may lead to different pages; those of rows that are alike lead to pages that are alike. */
function likenessOf({ kind, name, href }: Control): string {
  return kind === 'link' ? `${name} ${href.replace(/[\w.-]*\d[\w.:-]*/g, '#')}` : name
}

async function judgedByRequest(
  page: Page,
  { name, href, index }: { name: string; href: string; index: number },
  target: Locator,
): Promise<boolean> {
  const wanted = new URL(href, page.url()).href
  expect(await asked(page, target, index), name).toBe(wanted)
  await expectAnswer(page, wanted, asHtmx, name)
  return true
}

/** Resolves to whether the page is still as it was opened. */
async function judged(
  page: Page,
  { kind, name, href }: Control,
  target: Locator,
  other: Judge | undefined,
): Promise<boolean> {
  const wanted = new URL(href, page.url()).href
  switch (kind) {
    case 'link': {
      expect(await followed(page, target), name).toBe(wanted)
      // What is another server's is not ours to judge.
      if (new URL(wanted).origin !== new URL(page.url()).origin) return true
      await expectAnswer(page, wanted, { accept: 'text/html' }, name)
      return true
    }
    case 'downloads': {
      const [download] = await Promise.all([page.waitForEvent('download'), press(target)])
      expect(await download.failure(), name).toBeNull()
      return true
    }
    case 'loads':
      await press(target)
      await expect.poll(() => page.url(), { message: name }).toBe(wanted)
      return false
    case 'summary': {
      const isOpen = () => target.evaluate(new Function('one', 'return one.parentElement.open') as () => boolean)
      const before = await isOpen()
      await press(target)
      await expect.poll(isOpen, { message: name }).toBe(!before)
      await press(target)
      await expect.poll(isOpen, { message: name }).toBe(before)
      return true
    }
    case 'opens':
      await press(target)
      await dialog(page).locator('h2').waitFor()
      await expect.poll(() => dialog(page).locator('[aria-busy]').count(), { message: name }).toBe(0)
      return false
    case 'closes':
      await press(target)
      await expect.poll(() => dialog(page).count(), { message: name }).toBe(0)
      return false
    case 'other':
      await press(target)
      await other!(page)
      return false
  }
}
