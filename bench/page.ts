import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { launchChromium, prepareChromium } from '../test/support/browser/chromium.ts'
import { startDashboard } from './programs.ts'

// How long a person waits for the first paint of a page, in a Chromium that is throttled to 10 Mbit/s and 40 ms.

const rounds = 9
const aims = { cold: 400, warm: 150 }
const network = {
  offline: false,
  latency: 40,
  downloadThroughput: 10_000_000 / 8,
  uploadThroughput: 10_000_000 / 8,
}
const paths = ['/', '/orchestrator', '/runs', '/system']

const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-bench-'))
const db = join(folder, 'workflows.db')
copyFileSync(new URL('../workflows.db.example', import.meta.url), db)
const dashboard = await startDashboard(db)
const browser = await launchChromium(await prepareChromium())

async function throttled(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', network)
  return page
}

type Visit = { ms: number; requests: number; bytes: number }

/** What a page says of itself: when it was first painted, and what came over the wire for all that it needs. */
const readVisit = `(async () => {
  const find = () => performance.getEntriesByName('first-contentful-paint')[0]
  while (!find()) await new Promise((resolve) => requestAnimationFrame(resolve))
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  const sent = entries.filter(({ transferSize }) => transferSize > 0)
  const bytes = sent.reduce((sum, { transferSize }) => sum + transferSize, 0)
  return { ms: find().startTime, requests: sent.length, bytes }
})()`

async function visit(page: Page, path: string): Promise<Visit> {
  await page.goto(dashboard.url + path, { waitUntil: 'load' })
  return (await page.evaluate(readVisit)) as Visit
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

for (const path of paths) {
  const seen = { cold: [] as number[], warm: [] as number[] }
  let first = { requests: 0, bytes: 0 }
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await throttled(context)
    const cold = await visit(page, path)
    const warm = await visit(page, path)
    seen.cold.push(cold.ms)
    seen.warm.push(warm.ms)
    first = cold
    await context.close()
  }
  const shown = (kind: 'cold' | 'warm') => {
    const ms = median(seen[kind])
    return `${kind} ${ms.toFixed(0)} ms (aim ${aims[kind]}${ms > aims[kind] ? ', MISSED' : ''})`
  }
  const kilobytes = (first.bytes / 1000).toFixed(0)
  console.log(`${path.padEnd(14)} ${shown('cold')}, ${shown('warm')}, ${first.requests} requests, ${kilobytes} kB`)
}

await browser.close()
await dashboard.stop()
rmSync(folder, { recursive: true })
