import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { latenessOf } from '../../src/orchestrator/health/checks/lateness.ts'
import type { Watch } from '../../src/orchestrator/health/watch.ts'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, ended, execute, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { readExposition } from '../support/exposition.ts'
import { fillDisk, watchedStore } from '../support/store/faults.ts'

const scrape = async (app: TestApp) => readExposition((await app.inject('/metrics')).payload)

const answer = (more: object) => json({ status: 'success', outputs: { result: 'An article' }, ...more })

test('a run on an agent moves the counters, and the agent leaves with its own', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const before = await scrape(app)
  expect(before.value('runs_ended_total', { status: 'completed' })).toBe(0)
  agent.handlers.run = answer({ total_tokens: 1200, cost_usd: 0.25 })
  await ended(app, await execute(app, 'writer'))
  agent.handlers.run = answer({ total_tokens: -5 })
  await ended(app, await execute(app, 'writer'))
  agent.handlers.run = json({ detail: 'Out of memory' }, 500)
  await ended(app, await execute(app, 'writer'))

  const { value } = await scrape(app)
  expect(value('runs_accepted_total')).toBe(3)
  expect(value('runs_ended_total', { status: 'completed' })).toBe(2)
  expect(value('agent_runs_ended_total', { agent_id: 'writer', status: 'failed' })).toBe(1)
  expect(value('run_duration_seconds_count', { status: 'completed' })).toBe(2)
  expect(value('run_duration_seconds_bucket', { status: 'failed', le: '+Inf' })).toBe(1)
  expect(value('run_tokens_total')).toBe(1200)
  expect(value('agent_run_cost_usd_total', { agent_id: 'writer' })).toBe(0.25)
  expect(value('runs_queued')).toBe(0)

  await api(app, 'DELETE', '/orchestrator/writer')
  const after = await scrape(app)
  expect(after.samples.filter(({ labels }) => labels.agent_id !== undefined)).toEqual([])
  expect(after.value('run_tokens_total')).toBe(1200)
})

test('of reported runs only those that ended within the last hour move the counters of what happens now', async () => {
  const app = await buildTestApp({}, { clock: createTestClock(Date.UTC(2026, 10, 22, 17)) })
  const at = (time: string) => `2026-11-22T${time}Z`
  const ended = { workflow_name: 'nightly', status: 'failed', total_tokens: 10, total_cost_usd: 1 }
  const running = { workflow_name: 'nightly', status: 'running', started_at: at('09:00:00') }
  const reports = [
    { ...ended, run_id: 'old', started_at: at('14:00:00'), completed_at: at('15:59:59') },
    { ...ended, run_id: 'old without an end', started_at: at('15:59:59') },
    { ...ended, run_id: 'recent', started_at: at('14:00:00'), completed_at: at('16:00:01') },
    { ...ended, run_id: 'of a clock that is ahead', started_at: at('18:00:00'), completed_at: at('18:30:00') },
    { ...running, run_id: 'long' },
    { ...ended, ...running, run_id: 'long', status: 'failed' },
    { ...running, run_id: 'told late' },
    { ...ended, ...running, run_id: 'told late', status: 'failed', completed_at: at('10:00:00') },
  ].map((one) => ({ ...one, run_id: one.run_id.replaceAll(' ', '-') }))
  expect((await api(app, 'POST', '/runs', reports)).status).toBe(200)
  const { value } = await scrape(app)
  expect(value('runs_reported_total')).toBe(6)
  expect(value('runs_ended_total', { status: 'failed' })).toBe(3)
  expect(value('run_duration_seconds_count', { status: 'failed' })).toBe(2)
  expect([value('run_tokens_total'), value('run_cost_usd_total')]).toEqual([30, 3])
})

test('checks move the state of an agent, its latency and the histogram', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  await app.orchestrator.start()
  await api(app, 'POST', '/orchestrator/writer/check')
  const { value } = await scrape(app)
  expect(value('agents', { state: 'healthy' })).toBe(1)
  expect(value('agent_up', { agent_id: 'writer' })).toBe(1)
  expect(value('agent_check_latency_seconds', { agent_id: 'writer' })).toBeGreaterThan(0)
  expect(value('check_duration_seconds_count', { outcome: 'up' })).toBeGreaterThan(0)
})

test('what agents are called cannot break the text', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const name = 'a "quoted" \\ name\\n\nwith lines 🦜 } 1'
  await register(app, agent.url, 'quo"te\\ 🦜', name)
  const { samples } = await scrape(app)
  const info = samples.find((sample) => sample.name === 'configurable_agents_agent_info')!
  const { agent_name } = (await api(app, 'GET', '/agents')).json[0]
  expect(info.labels).toEqual({ agent_id: 'quo"te\\ 🦜', agent_name })
})

test('a full disk shows, and the scrape still answers', async () => {
  const { overrides, store } = watchedStore()
  const app = await buildTestApp({}, { ...overrides, logger: pino({ level: 'silent' }) })
  expect((await scrape(app)).value('storage_fault')).toBe(0)
  fillDisk(store())
  const announced = { agent_id: 'a', agent_name: 'A', host: 'localhost', port: 8001, metadata: 'x'.repeat(3900) }
  await api(app, 'POST', '/agents/register', announced)
  expect((await api(app, 'POST', '/agents/register', { ...announced, agent_id: 'b' })).status).toBe(507)
  const { value } = await scrape(app)
  expect(value('storage_fault')).toBe(1)
  expect(value('storage_faults_total', { kind: 'full' })).toBe(1)
})

test('scrapers get the type they ask for, HEAD too, and other hosts are refused', async () => {
  const app = await buildTestApp()
  const type = 'text/plain; version=0.0.4; charset=utf-8'
  for (const accept of ['*/*', 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5']) {
    const answer = await app.inject({ url: '/metrics', headers: { accept } })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type])
  }
  const head = await app.inject({ method: 'HEAD', url: '/metrics' })
  expect([head.statusCode, head.headers['content-type'], head.payload]).toEqual([200, type, ''])
  expect((await app.inject({ url: '/metrics', headers: { host: 'elsewhere.example' } })).statusCode).toBe(421)
})

test('an event loop that was blocked shows in its delay', async () => {
  const app = await buildTestApp()
  const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30)
  const blocks = setInterval(block, 15)
  onTestFinished(() => clearInterval(blocks))
  const delay = async () => (await scrape(app)).value('event_loop_delay_seconds', { quantile: '0.99' })
  await expect.poll(delay, { interval: 200 }).toBeGreaterThan(0.01)
})

test('docs, alerts and the Grafana dashboard name the metrics that there are, and the docs all of them', async () => {
  const { families } = await scrape(await buildTestApp())
  const names = families.flatMap(({ name, type }) =>
    type === 'histogram' ? [name, ...['_bucket', '_sum', '_count'].map((part) => name + part)] : [name],
  )
  for (const { name, type, help } of families) {
    expect(help, name).toMatch(/^[A-Z].+\.$|; always 1\.$/)
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
  }
  const namedIn = (path: string) => readFileSync(path, 'utf8').match(/\bconfigurable_agents_\w+/g) ?? []
  for (const path of ['docs/operations.md', 'docs/grafana-dashboard.json']) {
    expect(namedIn(path).length).toBeGreaterThan(15)
    expect(
      namedIn(path).filter((name) => !names.includes(name)),
      path,
    ).toEqual([])
  }
  const documented = readFileSync('docs/operations.md', 'utf8').match(/^\| `configurable_agents_\w+/gm)!
  expect(documented.map((row) => row.slice(3)).sort()).toEqual(families.map(({ name }) => name).sort())
})

test('/readyz and the metrics name an index that is being built, which is no reason for 503', async () => {
  const { overrides, store } = watchedStore()
  const app = await buildTestApp({}, overrides)
  const monitor = { late: false, late_seconds: 0, overdue_checks: 0 }
  const healthy = { status: 'healthy', timestamp: expect.any(String), monitor }
  const ready = { state: 'ready', done: null, total: null }
  expect((await api(app, 'GET', '/readyz')).json).toEqual({ ...healthy, index: ready })
  store().history.progress = async () => ({ done: 5, total: 8 })
  expect(await api(app, 'GET', '/readyz')).toMatchObject({
    status: 200,
    json: { ...healthy, index: { state: 'building', done: 5, total: 8 } },
  })
  const { value } = await scrape(app)
  expect([value('index_building'), value('index_runs_left')]).toEqual([1, 3])
})

test('the monitor is late when a due check, or one that waits for a slot, is overdue by more than a round', () => {
  const never = Number.POSITIVE_INFINITY
  const watch = (dueAt: number, waitingSince = never) => ({ dueAt, waitingSince }) as Watch
  const at = 100_000
  const late = (...watches: Watch[]) => latenessOf(watches, at, 10_000)
  expect(late()).toEqual({ isLate: false, lateMs: 0, overdue: 0 })
  expect(late(watch(at + 500), watch(never), watch(at - 40))).toEqual({ isLate: false, lateMs: 40, overdue: 1 })
  const queued = watch(never, at - 10_001)
  expect(late(queued, watch(at - 40))).toEqual({ isLate: true, lateMs: 10_001, overdue: 2 })
})
