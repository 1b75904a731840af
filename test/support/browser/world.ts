import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'
import { startAgent } from '../agents/agent.ts'
import { openDashboard } from '../dashboard.ts'
import { insertRuns, type StoredRun } from '../runs/runs.ts'
import type { useBrowser } from './browser.ts'
import { pressAll, type Walk } from './controls.ts'

type OpenPage = ReturnType<typeof useBrowser>

const text = JSON.stringify({ report: '# Title\n\nSome *words* of a report.', list: [1, 2, { a: 1 }] })
export const ofWriter: StoredRun = {
  agent_id: 'writer',
  workflow_name: 'writer',
  inputs: '{"topic":"x"}',
  outputs: text,
}

/** A dashboard with an agent, some runs and a page. */
export async function openWorld(openPage: OpenPage, runs: StoredRun[] = [], env: Record<string, string> = {}) {
  const agent = await startAgent()
  const dashboard = await openDashboard({ env })
  const post = async (path: string, body: object) => {
    const response = await fetch(dashboard.url + path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status, path).toBeLessThan(300)
    return (await response.json()) as { run_id: string; bulk_id: string; view_id: string }
  }
  const register = (id: string) =>
    post('/orchestrator/register', { agent_id: id, agent_name: 'Writer', agent_url: agent.url })
  await register('writer')
  const now = Date.now()
  await insertRuns(
    dashboard,
    runs.map((run, index) => ({ started_at: toDatetime(now - (index + 1) * 600_000), ...run })),
  )
  const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  const at = (path: string) => () => page.goto(dashboard.url + path)
  return { agent, dashboard, page, post, register, at, walk: (walk: Walk) => pressAll(page, walk) }
}

export const shows = (selector: string) => (page: Page) =>
  page.locator(selector).filter({ visible: true }).first().waitFor()
export const hides = (selector: string) => (page: Page) =>
  expect.poll(() => page.locator(selector).filter({ visible: true }).count()).toBe(0)
export const toast = shows('.toast.good, .toast.working')
export const warning = shows('.toast.waiting')
export const inAddress = (part: string | RegExp) => (page: Page) =>
  expect.poll(() => decodeURIComponent(page.url())).toMatch(part)
export const isChecked = (selector: string) => (page: Page) =>
  expect.poll(() => page.locator(selector).first().isChecked()).toBe(true)
export const copies = (wanted: string) => (page: Page) =>
  expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(wanted)
export const focuses = (id: string) => (page: Page) =>
  expect.poll(() => page.evaluate('document.activeElement.id')).toBe(id)
