import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../../support/browser/browser.ts'
import { openTalkedInto } from '../../support/history/hostile-history.ts'

const openPage = useBrowser()
const widths = [320, 640, 641, 801, 861, 1121, 1440]

/** What sticks out of the page or has no room to be read, and how high each row of each list is. */
const measure = `(() => {
  const width = document.documentElement.clientWidth
  const isClipped = (element) => !element.checkVisibility() || element.closest('.unseen, .panel') !== null
  const inner = (element) => {
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement)
      if (getComputedStyle(one).overflowX !== 'visible') return true
    return false
  }
  const out = [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !isClipped(element) && !inner(element))
    .map((element) => element.localName + '.' + element.className)
  const unreadable = [...document.querySelectorAll('.line')].filter(
    (element) => element.checkVisibility() && (element.innerText ?? '').trim() !== '' && element.clientWidth === 0,
  )
  for (const element of unreadable) out.push('unreadable ' + element.parentElement.className)
  const rows = [...document.querySelectorAll('.rows tbody tr, .troubles > li, .mates > li, .list > *, .plain-rows > li, .nodes tr, .exchange > summary')]
  return {
    width, scrollWidth: document.documentElement.scrollWidth, out: out.slice(0, 5),
    rows: rows.map((row) => [row.closest('section, table')?.getAttribute('aria-labelledby') ?? row.closest('table')?.className ?? '', Math.round(row.getBoundingClientRect().height)].join(' ')),
  }
})()`
type Measured = { width: number; scrollWidth: number; out: string[]; rows: string[] }

/** While a run goes on its agent is busy, and not in trouble. */
async function bothInTrouble(page: Page): Promise<void> {
  const troubled = async () => {
    await page.reload()
    return page.locator('.trouble').count()
  }
  await expect.poll(troubled).toBe(2)
}

async function measured(page: Page, address: string): Promise<Map<number, Measured>> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(address)
  if (new URL(address).pathname === '/') await bothInTrouble(page)
  const found = new Map<number, Measured>()
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    found.set(width, await page.evaluate<Measured>(measure))
  }
  await page.evaluate("for (const one of document.querySelectorAll('details:not(.menu)')) one.open = true")
  for (const width of [320, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    const { rows: _, ...opened } = await page.evaluate<Measured>(measure)
    expect(opened, `${address} at ${width}, all opened`).toEqual({
      width: opened.width,
      scrollWidth: opened.width,
      out: [],
    })
  }
  return found
}

/** Beginning with one long word, which breaks nowhere; longer ones go on in words. */
const hostileWords = (length: number) =>
  `${'W'.repeat(300)} wide words, 广告语`.padEnd(length, ' and so on').slice(0, length)

test('nothing that is said widens a page or makes a row higher', { timeout: 120_000 }, async () => {
  const page = await openPage()
  const short = await openTalkedInto(() => 'w')
  const hostile = await openTalkedInto(hostileWords)
  for (const [name, path] of Object.entries(short.pages)) {
    const usual = await measured(page, short.url + path)
    const found = await measured(page, hostile.url + hostile.pages[name as keyof typeof hostile.pages])
    for (const width of widths) {
      const { scrollWidth, out, rows } = found.get(width)!
      expect({ scrollWidth, out }, `${name} at ${width}`).toEqual({ scrollWidth: usual.get(width)!.width, out: [] })
      expect(rows, `${name} at ${width}`).toEqual(usual.get(width)!.rows)
    }
  }
})
