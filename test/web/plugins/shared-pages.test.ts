import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { buildTestApp, register } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { openGivenStore } from '../../support/store/database.ts'

/** Counts how often a list of runs is read. */
async function build() {
  const clock = createTestClock(Date.UTC(2026, 10, 20, 8, 10))
  let reads = 0
  const app = await buildTestApp(
    {},
    {
      clock,
      openStore: async (...given) => {
        const store = await openGivenStore(...given)
        const list: typeof store.history.list = (...asked) => {
          reads++
          return store.history.list(...asked)
        }
        return { ...store, history: { ...store.history, list } }
      },
    },
  )
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ url, headers: { accept: 'text/html', ...headers } })
    return { html: parse(answer.payload), text: answer.payload, headers: answer.headers }
  }
  const shown = async (headers = {}) => {
    const { html } = await get('/runs', headers)
    return html.querySelectorAll('tr.run').map((row) => [row.id, row.querySelector('time')!.text])
  }
  return { app, clock, get, shown, reads: () => reads }
}

test('readers of one second share a page, with all headers and every character', async () => {
  const { app, get, reads } = await build()
  await insertRuns(app, [{ id: 'one', workflow_name: 'Bericht für Łódź ✅' }])
  const first = await get('/runs')
  const again = await get('/runs')
  expect(reads()).toBe(1)
  expect(again.text).toBe(first.text)
  expect(again.text).toContain('Bericht für Łódź ✅')
  expect({ ...again.headers, date: '' }).toEqual({ ...first.headers, date: '' })
})

test('a second later, times are new', async () => {
  const { app, clock, shown } = await build()
  await insertRuns(app, [{ id: 'one', started_at: '2026-11-20 08:09:30.000000' }])
  expect(await shown()).toEqual([['run-one', '30s ago']])
  await clock.advance(1000)
  expect(await shown()).toEqual([['run-one', '31s ago']])
})

test('a run that another program adds is there at once', async () => {
  const { app, shown } = await build()
  await insertRuns(app, [{ id: 'one' }])
  await shown()
  await insertRuns(app, [{ id: 'two' }])
  expect((await shown()).map(([id]) => id)).toEqual(['run-two', 'run-one'])
})

test('each address and zone has a page of its own; regions and JSON are never that page', async () => {
  const { app, get, shown } = await build()
  await insertRuns(app, [{ id: 'old', started_at: '2026-11-18 20:00:00.000000' }])
  expect(await shown()).toEqual([['run-old', '18 Nov, 20:00']])
  expect(await shown({ cookie: 'reader-zone=Asia/Kathmandu' })).toEqual([['run-old', 'Yesterday, 01:45']])
  expect((await get('/runs?status=failed')).html.querySelector('tr.run')).toBeNull()
  expect((await get('/runs', { 'hx-request': 'true' })).html.querySelector('html')).toBeNull()
  expect((await get('/runs', { accept: 'application/json' })).text).toMatch(/^\{/)
})

test('how long a run has taken so far moves within a second', async () => {
  const { app, clock, get } = await build()
  await insertRuns(app, [{ id: 'one', status: 'running', agent_id: 'a', started_at: '2026-11-20 08:09:55.000000' }])
  const soFar = async () => (await get('/runs')).html.querySelector('time[data-running]')!.text
  expect(await soFar()).toBe('5.0s')
  await clock.advance(300)
  expect(await soFar()).toBe('5.3s')
})

test('an agent that is registered is there at once on the board', async () => {
  const { app, get } = await build()
  const names = async () => (await get('/orchestrator')).html.querySelectorAll('tr[id^="agent-"]').map(({ id }) => id)
  const agent = await startAgent()
  await register(app, agent.url, 'writer')
  expect(await names()).toEqual(['agent-writer'])
  await register(app, agent.url, 'reader')
  expect((await names()).toSorted()).toEqual(['agent-reader', 'agent-writer'])
})
