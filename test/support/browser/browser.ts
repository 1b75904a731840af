import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import { launchChromium } from './chromium.ts'

/** One browser per worker: test files share the worker and its modules. It ends with the process. */
let browser: Promise<Browser> | undefined

/** Nothing moves unless a test is about that, or does the main job: each frame is painted without a graphics card. */
const usual: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' }

/**
 * What browser tests open pages with, each in a profile of its own. Whatever a page complains about in its console
 * (scripts that fail, what the content security policy refuses) fails the test, unless it is `expected`.
 */
export function useBrowser(): (options?: BrowserContextOptions, expected?: RegExp) => Promise<Page> {
  return openPage
}

async function openPage(options: BrowserContextOptions = {}, expected?: RegExp): Promise<Page> {
  browser ??= launchChromium(inject('chromium'))
  const context = await (await browser).newContext({ ...usual, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // The browser itself notes each answer with an error status; those are part of many tests.
    const isUsual = message.text().startsWith('Failed to load resource') || expected?.test(message.text())
    if (message.type() === 'error' && !isUsual) complaints.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  return page
}
