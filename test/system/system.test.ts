import { basename } from 'node:path'
import type { HTMLElement } from 'node-html-parser'
import { expect, test } from 'vitest'
import { shownDatabase } from '../../src/config/database.ts'
import type { Config } from '../../src/config.ts'
import { api, buildTestApp, page, partial, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { insertPast } from '../support/history/history.ts'
import { insertStates } from '../support/runs/states.ts'
import { createPythonDatabase, insertRunAsPython, pythonRuns } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { temporaryFile } from '../support/temporary.ts'

const dayMs = 86_400_000
const now = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

async function build(config: Partial<Config> = {}) {
  const clock = createTestClock(now)
  return { clock, app: await buildTestApp(config, { clock }) }
}

const system = async (app: TestApp) => (await api(app, 'GET', '/system')).json

/** Runs that began so many days ago. */
const aged = (...days: number[]) => days.map((age, index) => ({ id: `run-${index}`, startedAt: now - age * dayMs }))

const spoken = ({ innerHTML }: HTMLElement) =>
  innerHTML
    .replaceAll(/<[^>]*>|\s+/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
const retentionOf = (app: TestApp) => textOf(app, 'retention-title', '/system/checks')
const factsIn = (html: HTMLElement) => html.querySelectorAll('.set-facts > div').map(spoken)
const textOf = async (app: TestApp, id: string, path = '/system') => {
  const { html } = await page(app, path)
  return spoken(html.querySelector(`[aria-labelledby="${id}"]`)!)
}

test('shows the file, its runs, and what is in it', async () => {
  const { app } = await build()
  insertPast(app, aged(100, 40, 3))
  const { html, text } = await page(app, '/system')
  expect(html.querySelector('title')!.text).toBe('Settings · Configurable Agents')
  const facts = factsIn(html)
  expect(facts[0]).toMatch(/^Size \d+\.\d kB$/)
  expect(facts.slice(1, 4)).toEqual(['Runs 3', 'Oldest run 14 Aug, 16:14', 'Newest run 19 Nov, 16:14'])
  expect(text).toContain(app.db)
  expect(html.querySelector('.settings-side [aria-current]')!.text.trim()).toBe('File and backup')
  const rows = html
    .querySelectorAll('.counts tbody tr')
    .map((row) => row.querySelectorAll('td').map((cell) => cell.text))
  expect(rows).toContainEqual(['Runs', 'workflow_runs', '3'])
  expect(rows).toContainEqual(['Run events', 'run_events', '6'])
  expect(rows).toContainEqual(['Node states (Python)', 'execution_states', '6'])
  expect(rows).toContainEqual(['Saved views', 'saved_views', '0'])
  const others = html.querySelectorAll('#other-tables dt').map((name) => name.text)
  expect(others).toContain('run_index')
  // Not what SQLite and its search keep for themselves.
  expect(
    others.filter(
      (name) =>
        name.startsWith('sqlite_') ||
        (name.startsWith('run_search_') && !['run_search_queue', 'run_search_long'].includes(name)),
    ),
  ).toEqual([])
})

test('an empty file has its page too', async () => {
  const { app } = await build()
  const { html } = await page(app, '/system')
  expect(factsIn(html).slice(1, 4)).toEqual(['Runs 0', 'Oldest run –', 'Newest run –'])
  expect(await system(app)).toMatchObject({ runs: { total: 0, oldest: null, newest: null }, retention: { due: 0 } })
})

test('the name of the file in the top bar leads there, and the region polls itself', async () => {
  const { app } = await build()
  expect((await page(app, '/runs')).html.querySelector('.bar .file')!.attributes).toMatchObject({ href: '/system' })
  const bar = (await page(app, '/system')).html.querySelector('.bar')!
  expect(bar.querySelector('.file')!.attributes).toMatchObject({ title: shownDatabase(app.db) })
  expect(bar.querySelector('.file')!.text.trim()).toBe(basename(app.db))
  expect(bar.querySelector('[aria-current]')!.getAttribute('aria-label')).toBe('Settings')
  const { html } = await partial(app, '/system')
  expect(html.querySelector('h1')).toBeNull()
  expect(html.querySelector('#system')!.attributes).toMatchObject({
    'hx-get': '/system',
    'hx-trigger': 'every 10s, refresh',
  })
})

test('rows are counted as long as they are few; then the number is said to be about right', async () => {
  const { app } = await build()
  const sqlite = connect(app.db)
  const insert = (from: number, to: number) =>
    sqlite.exec(`WITH RECURSIVE many(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM many WHERE n < ${to})
      INSERT INTO run_events (id, run_id, at, kind, attempt) SELECT n, 'x', '', 'accepted', 0 FROM many`)
  const events = async () => (await system(app)).tables.find(({ name }: { name: string }) => name === 'run_events')
  insert(501, 1500)
  expect(await events()).toEqual({ name: 'run_events', rows: 1000, certainty: 'exact' })
  insert(1501, 5000)
  sqlite.exec('DELETE FROM run_events WHERE id % 10 = 3')
  expect(await events()).toEqual({ name: 'run_events', rows: 4500, certainty: 'about' })
  expect(await textOf(app, 'tables-title')).toContain('run_events about 4,500')
  sqlite.exec(`WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 12000)
    INSERT INTO run_states SELECT 'x', n FROM many`)
  expect(await textOf(app, 'tables-title')).toContain('run_states 10,000+')
})

test.each([
  [
    {},
    'Completed and cancelled runs are deleted after 90 days, failed and lost ones after 365 days. The newest 1,000,000 runs are kept whatever their age, and so are unfinished runs.',
  ],
  [
    { keepDays: 1, keepRuns: 1, keepFailedDays: 0 },
    'Completed and cancelled runs are deleted after 1 day; failed and lost ones are kept for ever. The newest run is kept whatever its age, and so are unfinished runs.',
  ],
  [
    { keepDays: 0, keepFailedDays: 1000, keepRuns: 20 },
    'Completed and cancelled runs are kept for ever; failed and lost ones are deleted after 1,000 days. The newest 20 runs',
  ],
  [{ keepRuns: 0 }, 'Runs are kept for ever. Setting'],
  [{ keepDays: 0, keepFailedDays: 0 }, 'Runs are kept for ever. Setting'],
])('says what is kept by %o in words', async (config, words) => {
  const { app } = await build(config)
  expect(await retentionOf(app)).toContain(`Retention ${words}`)
})

test('every setting of checks, runs and retention is there, with its variable and what is not the default', async () => {
  const { app } = await build({ healthIntervalSeconds: 90, jobTimeoutSeconds: 3600, keepRuns: 0 })
  const { html } = await page(app, '/system/checks')
  const rows = html
    .querySelectorAll('.settings-rows tbody tr')
    .map((row) => row.querySelectorAll('td').map(spoken).join(' | '))
  expect(rows).toHaveLength(11)
  expect(rows).toContainEqual('Interval | 90 s default 10 s | CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS')
  expect(rows).toContainEqual(
    'Timeout of a background job | 1 h default 1 day | CONFIGURABLE_AGENTS_JOB_TIMEOUT_SECONDS',
  )
  expect(rows).toContainEqual('Concurrent runs per agent | 4 | CONFIGURABLE_AGENTS_RUNS_PER_AGENT')
  expect(rows).toContainEqual('Newest runs, always kept | all default 1,000,000 | CONFIGURABLE_AGENTS_KEEP_RUNS')
  expect(html.querySelector('.settings-side [aria-current]')!.text.trim()).toBe('Checks and retention')
  expect((await api(app, 'GET', '/system/checks')).json.settings).toContainEqual({
    variable: 'CONFIGURABLE_AGENTS_HEALTH_INTERVAL_SECONDS',
    value: 90,
    default: 10,
  })
})

test('tells what has been let go, and the runs are gone from lists and from their pages', async () => {
  const { app, clock } = await build({ keepDays: 30, keepRuns: 1, keepFailedDays: 60 })
  insertPast(app, [
    ...aged(100, 40, 3),
    { id: 'failed', startedAt: now - 40 * dayMs, status: 'failed' },
    { id: 'lost', startedAt: now - 70 * dayMs, status: 'lost' },
  ])
  expect(await retentionOf(app)).toContain('Due for deletion Counting…')
  app.orchestrator.start()
  while ((await system(app)).retention.let_go < 3) await clock.advance(100)
  expect((await system(app)).retention).toEqual({
    keep_days: 30,
    keep_runs: 1,
    keep_failed_days: 60,
    due: 0,
    let_go: 3,
    first_let_go_at: expect.stringMatching(/^2026-11-22T16:14:/),
    last_let_go_at: expect.stringMatching(/^2026-11-22T16:14:/),
  })
  expect(await retentionOf(app)).toMatch(/Due for deletion None Deleted so far 3 runs Last deletion (now|\ds ago)/)
  for (const [id, status] of [
    ['run-0', 404],
    ['run-1', 404],
    ['lost', 404],
    ['run-2', 200],
    ['failed', 200],
  ] as const) {
    expect((await api(app, 'GET', `/runs/${id}`)).status, id).toBe(status)
  }
  expect((await api(app, 'GET', '/runs')).json.runs).toHaveLength(2)
})

test('while a file of Python’s is read it says how far that is, asks more often, and lets nothing go', async () => {
  const db = temporaryFile()
  createPythonDatabase(db)
  const python = connect(db)
  const many = Array.from({ length: 2000 }, (_, index) => ({ ...pythonRuns[0]!, id: `older-${index}` }))
  python.transaction(() => {
    for (const run of many) insertRunAsPython(python, run)
  })()
  await insertStates(
    { db },
    Array.from({ length: 3000 }, () => ({ run: 'repr', data: '{}' })),
  )
  const { app, clock } = await build({ db, keepDays: 1, keepRuns: 1, keepFailedDays: 1 })
  const first = await page(app, '/system')
  expect(first.html.querySelector('#system')!.getAttribute('hx-trigger')).toBe('every 1s, refresh')
  expect(factsIn(first.html)).toContainEqual(expect.stringMatching(/^Runs read so far [1-9][\d,]*$/))
  expect(await retentionOf(app)).toMatch(
    /Due for deletion Nothing is deleted before the history is read Deleted so far None$/,
  )
  expect(factsIn(first.html)).toContainEqual(
    expect.stringMatching(
      /^Index Reading the history: [\d,]+ of about 2,006 runs Search is [\d,]+ runs behind Reading the states of nodes: 0 of about 3,001$/,
    ),
  )
  expect((await system(app)).index).toEqual({
    runs: { done: expect.any(Number), total: 2006 },
    states: { done: 0, total: 3001 },
    unsearched_runs: expect.any(Number),
  })
  const bars = first.html.querySelectorAll('progress').map(({ attributes }) => attributes)
  expect(bars).toEqual([
    { value: expect.any(String), max: '2006', 'aria-label': 'History' },
    { value: '0', max: '3001', 'aria-label': 'States' },
  ])

  app.orchestrator.start()
  while ((await system(app)).index.states) await clock.advance(100)
  expect((await system(app)).index.runs).toBeNull()
  while ((await system(app)).index.unsearched_runs > 0) await clock.advance(100)
  expect(factsIn((await page(app, '/system')).html)).toContainEqual('Index Up to date')
})
