import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRunQuery } from '../../src/orchestrator/history/query.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { endurance } from '../support/endurance.ts'
import { anyRunBefore, naiveOverview } from '../support/history/overview.ts'
import { naiveList, type PlainRun, writeRun } from '../support/runs/plain-runs.ts'
import { completeRun, insertRuns } from '../support/runs/runs.ts'
import { writeAsPython } from '../support/store/python-rows.ts'
import { rawRows } from '../support/store/raw.ts'

const hourMs = 3_600_000
const now = Date.UTC(2026, 10, 20, 12, 30)

/** What the list behind an address of the overview shows. */
function listBehind(path: string, runs: PlainRun[], registered: string[]): PlainRun[] {
  const params = new URL(path, 'http://x').searchParams
  const fields = Object.fromEntries([...params.keys()].map((name) => [name, params.getAll(name)]))
  const { query, errors } = readRunQuery(fields, { now, isPosition: () => false })
  expect(errors).toEqual([])
  return naiveList(runs, registered, query.filter, query.sort)
}

test('the overview is what looking at each run gives, and leads to just these', { timeout: 60_000 }, async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { clock: createTestClock(now) })
  const registered = [await register(app, agent.url, 'writer')]
  const sums = ['run_deltas', 'run_hours', 'run_days', 'run_totals', 'run_search', 'run_search_queue']
  const check = async (some: Omit<PlainRun, 'id'>[]) => {
    const runs = some.map((run, index) => ({ ...run, id: `run-${index}` }))
    await rawRows(app, 'DELETE FROM workflow_runs', `TRUNCATE runs, run_texts, ${sums.join()}`)
    await writeAsPython(app.db, (file) => {
      for (const run of runs) writeRun(file, run, 'waiting')
    })
    const { json } = await api(app, 'GET', '/')
    const naive = naiveOverview(runs, registered, now)
    expect(shownIn(json)).toEqual({
      ...naive,
      errors: { ...naive.errors, list: naive.errors.list.map(({ all: _, ...error }) => error) },
      cost: { ...naive.cost, agents: expect.arrayContaining(naive.cost.agents) },
    })
    expect(json.cost.agents).toHaveLength(naive.cost.agents.length)
    for (const { path, runs: count } of [json.last_24_hours, ...json.last_24_hours.hours]) {
      expect(listBehind(path, runs, registered)).toHaveLength(count)
    }
    json.errors.list.forEach(({ path }: { path: string }, index: number) => {
      const listed = listBehind(path, runs, registered).map(({ id }) => id)
      expect(listed).toEqual(naive.errors.list[index]!.all)
    })
    for (const { path, cost } of json.cost.days) {
      const told = listBehind(path, runs, registered).flatMap((run) => run.cost ?? [])
      expect(told.reduce((sum, one) => sum + one, 0)).toBeCloseTo(cost ?? 0, 6)
    }
    expect((await page(app, '/')).status).toBe(200)
  }
  await fc.assert(fc.asyncProperty(fc.array(anyRunBefore(now), { maxLength: 40 }), check), {
    numRuns: endurance(15, 300),
  })
})

/** Of the overview's JSON, what looking at each run can find. */
// biome-ignore lint/suspicious/noExplicitAny: the JSON of an answer
function shownIn(json: any) {
  type Run = { run_id: string }
  const ids = (list: Run[]) => list.map(({ run_id }) => run_id)
  const bare = ({ path: _, to: __, ...one }: { path: string; to: string }) => one
  const { last_24_hours, running, latest, errors, cost } = json
  return {
    last_24_hours: { ...bare(last_24_hours), hours: last_24_hours.hours.map(bare) },
    running: { ...running, newest: ids(running.newest) },
    latest: ids(latest),
    errors: {
      ...bare(errors),
      list: errors.list.map(({ cause: _, ...error }: { cause: string; path: string; to: string }) => bare(error)),
    },
    cost: {
      this_week: cost.this_week,
      last_week_until_now: cost.last_week_until_now,
      days: cost.days.map(({ from: _, ...day }: { from: string; path: string; to: string }) => bare(day)),
      agents: cost.agents.map((agent: { name: string; agent_id: string | null }) => ({
        ...agent,
        name: agent.agent_id ?? agent.name,
      })),
    },
  }
}

test('the overview changes when a run ends, and when an hour does', async () => {
  const clock = createTestClock(now)
  const app = await buildTestApp({}, { clock })
  await insertRuns(app, [{ id: 'going', status: 'running', started_at: '2026-11-20 12:29:00.000000' }])
  const overview = async () => (await api(app, 'GET', '/')).json
  expect(await overview()).toMatchObject({ running: { runs: 1, newest: [{ run_id: 'going' }] } })
  await completeRun(app, 'going', 61)
  const before = await overview()
  expect(before).toMatchObject({
    running: { runs: 0 },
    last_24_hours: { runs: 1, failed: 0, p50_seconds: 61, p95_seconds: 61 },
  })
  const runsIn = ({ last_24_hours }: typeof before) => last_24_hours.hours.map(({ runs }: { runs: number }) => runs)
  expect(runsIn(before).at(-1)).toBe(1)
  await clock.leap(hourMs)
  expect(runsIn(await overview())).toEqual([...runsIn(before).slice(1), 0])
})
