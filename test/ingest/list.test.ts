import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { fillDisk, watchedStore } from '../support/store/faults.ts'
import { connect } from '../support/store/store.ts'

const now = Date.UTC(2026, 10, 22, 17)
const open = () => buildTestApp({}, { clock: createTestClock(now) })

const completed = {
  workflow_name: 'nightly_report',
  status: 'completed',
  started_at: '2026-11-22T16:14:30.057758',
  completed_at: '2026-11-22T16:14:38.557Z',
  outputs: { report: 'Ready' },
}
const named = (run_id: string, more: object = {}) => ({ ...completed, run_id, ...more })
const running = (run_id: string) => named(run_id, { status: 'running', completed_at: undefined })

const report = (app: TestApp, body: unknown) => api(app, 'POST', '/runs', body)

type Result = { status?: string; problem?: { status: number; detail: string } }
const statusesOf = ({ results }: { results: Result[] }) =>
  results.map(({ status, problem }) => status ?? problem!.status)

describe('a list', () => {
  test('is answered one by one, in its order, and a wrong report takes no other down', async () => {
    const app = await open()
    await report(app, named('old'))
    const list = [named('a'), 7, named('b', { stat: 'x' }), named('old'), named('old2', { error: 'No' }), named('c')]
    const { status, json } = await report(app, list)
    expect(status).toBe(207)
    expect(json.results.map((one: Result) => one.status ?? one.problem)).toEqual([
      'created',
      expect.objectContaining({ status: 422, detail: 'A report must be an object.' }),
      expect.objectContaining({ status: 422, errors: [{ field: 'stat', message: expect.stringContaining('run_id') }] }),
      'unchanged',
      expect.objectContaining({ status: 422, errors: [{ field: 'error', message: expect.any(String) }] }),
      'created',
    ])
    expect(json.results.map(({ run_id }: { run_id: string | null }) => run_id)).toEqual([
      'a',
      null,
      'b',
      'old',
      'old2',
      'c',
    ])
    expect((await api(app, 'GET', '/runs')).json.total).toBe(3)
  })

  test('may tell of a run several times, and a refused report does not take down a later one', async () => {
    const app = await open()
    const wrong = named('b', { error: 'No' })
    const list = [running('a'), wrong, running('b'), named('b'), named('a'), running('a'), named('b', { outputs: 1 })]
    expect(statusesOf((await report(app, list)).json)).toEqual([
      ...['created', 422, 'created', 'updated', 'updated', 409, 409],
    ])
    await report(app, named('c', { workflow_name: 'weekly' }))
    expect(statusesOf((await report(app, [named('c'), named('c', { workflow_name: 'weekly' })])).json)).toEqual([
      ...[409, 'unchanged'],
    ])
  })

  test('of a thousand is recorded whole, and again changes nothing', { timeout: 60_000 }, async () => {
    const app = await open()
    const list = Array.from({ length: 1000 }, (_, index) => named(`run-${index}`))
    expect((await report(app, list)).json.results.at(-1)).toMatchObject({ run_id: 'run-999', status: 'created' })
    expect((await api(app, 'GET', '/runs')).json).toMatchObject({ total: 1000, counts: { completed: 1000 } })
    const { status, json } = await report(app, list)
    expect([status, new Set(json.results.map((one: { status: string }) => one.status))]).toEqual([
      200,
      new Set(['unchanged']),
    ])
  })

  test('says of each report whether it could be saved', async () => {
    const { overrides, store } = watchedStore()
    const logger = pino({ level: 'silent' })
    const app = await buildTestApp({}, { clock: createTestClock(now), logger, ...overrides })
    const large = named('large', { outputs: 'x'.repeat(1_000_000) })
    const small = Array.from({ length: 50 }, (_, index) => named(`run-${index}`))
    const sqlite = store().db.$client
    sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true })) + 100}`)
    const { status, json } = await report(app, [...small, large])
    expect([status, json.results[49], json.results[50]]).toMatchObject([
      207,
      { status: 'created' },
      { run_id: 'large', problem: { status: 507 } },
    ])
    expect((await api(app, 'GET', '/runs')).json.total).toBe(50)
    const makeRoom = fillDisk(store())
    expectProblem(await report(app, [large]), 507)
    makeRoom()
  })

  test('waits for a locked database once, however long it is', async () => {
    const clock = createTestClock(now)
    const app = await buildTestApp({}, { clock })
    const known = Array.from({ length: 25 }, (_, index) => named(`known-${index}`))
    await report(app, known)
    const other = connect(app.db)
    other.exec('BEGIN IMMEDIATE')
    const answer = report(app, [...known, ...Array.from({ length: 60 }, (_, index) => named(`new-${index}`))])
    await expect.poll(clock.timers).toBe(1)
    await clock.leap(10_000)
    expect(clock.timers()).toBe(0)
    const { status, json } = await answer
    expect(status).toBe(207)
    expect(new Set(statusesOf(json).slice(0, 25))).toEqual(new Set(['unchanged']))
    expect(new Set(statusesOf(json).slice(25))).toEqual(new Set([503]))
  })
})
