import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { insertRuns, type StoredRun } from '../runs/runs.ts'

const topics = ['AI safety', 'jazz', 'databases']

/** 120 runs, each ten minutes after the one before, the last of them ten minutes ago: run-119. */
export async function insertHistory(dashboard: Parameters<typeof insertRuns>[0]): Promise<void> {
  const now = Date.now()
  const runs = Array.from({ length: 120 }, (_, index): StoredRun => {
    const agent = index % 3 === 0 ? 'writer' : 'scraper'
    return {
      workflow_name: agent,
      agent_id: agent,
      agent_workflow: agent === 'writer' ? 'article' : 'scrape',
      status: index % 10 === 0 ? 'failed' : 'completed',
      started_at: toDatetime(now - (120 - index) * 600_000),
      duration_seconds: index,
      inputs: JSON.stringify({ topic: topics[index % 3] }),
      outputs: JSON.stringify({ score: index, by: { name: agent } }),
    }
  })
  await insertRuns(dashboard, runs)
}

export const rows = (page: Page) => page.locator('tr.run')
export const idsOn = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('tr.run')].map((row) => row.id.slice('run-'.length))`)
export const searchOf = (page: Page) => new URL(page.url()).search
export const count = (page: Page, runs: number) => expect.poll(() => rows(page).count()).toBe(runs)

/** Resolves when the answer is on the page and painted: what loses the focus by then has lost it. */
export async function poll(page: Page): Promise<void> {
  const answered = page.waitForResponse((response) => /\/runs\?(.*&)?top=/.test(response.url()))
  await page.evaluate(`new Promise((resolve) => {
    const painted = () => requestAnimationFrame(() => requestAnimationFrame(resolve))
    document.addEventListener('htmx:finally:request', painted, { once: true })
    htmx.trigger('#runs', 'refresh')
  })`)
  await answered
}
