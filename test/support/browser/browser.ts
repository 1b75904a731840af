import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import { launchChromium } from './chromium.ts'
import { createReusable, type Reusable } from './reusable.ts'

/** One browser per worker: test files share the worker and its modules. It ends with the process. */
let browser: Promise<Browser> | undefined
/** Pages that no test has, by what they were opened with. */
const free = new Map<string, Reusable[]>()

/** Nothing moves unless a test is about that, or does the main job: each frame is painted without a graphics card. */
const usual: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' }

/**
 * What browser tests open pages with, each in a profile of its own, or in one that is as if it was new. Whatever a page
 * complains about in its console (scripts that fail, what the content security policy refuses) fails the test, unless it
 * is `expected`.
 */
export function useBrowser(): (options?: BrowserContextOptions, expected?: RegExp) => Promise<Page> {
  return openPage
}

async function openPage(options: BrowserContextOptions = {}, expected?: RegExp): Promise<Page> {
  browser ??= launchChromium(inject('chromium'))
  const wanted = { ...usual, ...options }
  const key = JSON.stringify(wanted)
  const opened = free.get(key)?.pop() ?? (await createReusable(await browser, wanted))
  const { page } = opened
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // The browser itself notes each answer with an error status; those are part of many tests.
    const isUsual = message.text().startsWith('Failed to load resource') || expected?.test(message.text())
    if (message.type() === 'error' && !isUsual) complaints.push(message.text())
  })
  onTestFinished(async ({ task }) => {
    // What a test that failed has left is not known.
    const isAsNew = task.result?.state !== 'fail' && (await opened.clear())
    if (isAsNew) free.set(key, [...(free.get(key) ?? []), opened])
    else await page.context().close()
    expect(complaints).toEqual([])
  })
  return page
}
