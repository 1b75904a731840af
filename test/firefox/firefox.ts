import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest'
import { inPage, middleOfWords } from '../support/browser/press.ts'

/**
 * One Firefox for the tests of a file, driven over WebDriver BiDi, with these preferences. What a page throws fails the
 * test.
 */
export function useFirefox(preferences: Record<string, unknown> = {}): () => Promise<Page> {
  let browser: Browser
  beforeAll(async () => {
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX_PATH!,
      headless: true,
      extraPrefsFirefox: preferences,
    })
  })
  afterAll(() => browser.close())

  return async () => {
    const context = await browser.createBrowserContext()
    const page = await context.newPage()
    await resize(page, 1280, 800)
    page.setDefaultTimeout(10_000)
    const thrown: string[] = []
    page.on('pageerror', (error) => thrown.push(String((error as Error).message ?? error)))
    onTestFinished(async () => {
      await context.close()
      expect(thrown).toEqual([])
    })
    return page
  }
}

/** Firefox 140 knows a viewport's size, and not the orientation that puppeteer asks for in the same step. */
export async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewport({ width, height }).catch((error) => {
    if (!String(error).includes('unknown command emulation.setScreenOrientationOverride')) throw error
  })
  await until(page, `innerWidth === ${width} && innerHeight === ${height}`)
}

/** Asks until it is so: waitForFunction builds its function in the page, which the page's policy forbids. */
export const until = (page: Page, isSo: string): Promise<void> =>
  vi.waitFor(async () => expect(await page.evaluate(isSo), isSo).toBe(true), 10_000)

/** The first element within `within` that can be seen and whose own words are exactly these; waits for it. */
export async function withWords(page: Page, words: string, within = 'body'): Promise<ElementHandle> {
  const find = inPage<unknown>(
    'argument',
    `return [...document.querySelectorAll(argument.within + ' *')].find((element) =>
      element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() === argument.words))`,
  )
  return vi.waitFor(async () => {
    const found = (await page.evaluateHandle(find, { words, within })).asElement()
    if (!found) throw new Error(`Nothing says “${words}”.`)
    return found as ElementHandle
  }, 10_000)
}

/** Presses something by its words, with the mouse. */
export async function press(page: Page, target: ElementHandle, { shift = false } = {}): Promise<void> {
  await target.scrollIntoView()
  const { x, y } = await target.evaluate(middleOfWords)
  if (shift) await page.keyboard.down('Shift')
  await page.mouse.click(x, y)
  if (shift) await page.keyboard.up('Shift')
}

export const pressWords = async (page: Page, words: string, within?: string): Promise<void> =>
  press(page, await withWords(page, words, within))

/** Presses a field, and types as a hand does. */
export async function type(page: Page, field: string, text: string): Promise<void> {
  await press(page, (await page.waitForSelector(field))!)
  await page.keyboard.type(text)
}

export const count = (page: Page, selector: string): Promise<number> =>
  page.evaluate(inPage<number>('selector', 'return document.querySelectorAll(selector).length'), selector)
