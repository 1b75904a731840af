import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRunQuery } from '../../src/orchestrator/history/query.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { endurance } from '../support/endurance.ts'
import { anyRunBefore, naiveOverview } from '../support/history/overview.ts'
import { naiveList, type PlainRun, writeRun } from '../support/runs/plain-runs.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { connect } from '../support/store/store.ts'

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
  const sqlite = connect(app.db)
  const check = async (some: Omit<PlainRun, 'id'>[]) => {
    const runs = some.map((run, index) => ({ ...run, id: `run-${index}` }))
    sqlite.exec('DELETE FROM workflow_runs')
    sqlite.transaction(() => {
      for (const run of runs) writeRun(sqlite, run, 'waiting')
    })()
    const { json } = await api(app, 'GET', '/')
    const naive = naiveOverview(runs, registered, now)
    const ids = (list: { run_id: string }[]) => list.map(({ run_id }) => run_id)
    expect({
      runs: json.runs,
      going_on: ids(json.going_on),
      hours: json.hours.map(({ to: _, path: __, ...hour }: { to: string; path: string }) => hour),
      usage: json.usage,
      failures: {
        ...json.failures,
        causes: json.failures.causes.map(({ agent_id, runs, newest }: (typeof json.failures.causes)[number]) => ({
          agent_id,
          runs,
          newest: newest.run_id,
        })),
      },
      slowest_agents: json.slowest_agents.map(({ path: _, worst, ...one }: (typeof json.slowest_agents)[number]) => ({
        ...one,
        worst: worst.seconds,
      })),
      latest_failures: ids(json.latest_failures),
    }).toEqual({
      ...naive,
      failures: { ...naive.failures, causes: naive.failures.causes.map(({ all: _, ...cause }) => cause) },
    })
    for (const { path, runs: count } of json.hours) expect(listBehind(path, runs, registered)).toHaveLength(count)
    json.failures.causes.forEach(({ path }: { path: string }, index: number) => {
      const listed = listBehind(path, runs, registered).map(({ id }) => id)
      expect(listed).toEqual(expect.arrayContaining(naive.failures.causes[index]!.all))
    })
    for (const { path, worst } of json.slowest_agents) {
      expect(listBehind(path, runs, registered)[0]!.duration).toBe(worst.seconds)
    }
    expect((await page(app, '/')).status).toBe(200)
  }
  await fc.assert(fc.asyncProperty(fc.array(anyRunBefore(now), { maxLength: 40 }), check), {
    numRuns: endurance(15, 300),
  })
})

test('the overview changes when a run ends, and when an hour does', async () => {
  const clock = createTestClock(now)
  const app = await buildTestApp({}, { clock })
  insertRuns(app, [{ id: 'going', status: 'running', started_at: '2026-11-20 12:29:00.000000' }])
  const overview = async () => (await api(app, 'GET', '/')).json
  expect(await overview()).toMatchObject({ runs: { running: 1 }, going_on: [{ run_id: 'going' }] })
  connect(app.db).exec("UPDATE workflow_runs SET status = 'completed', duration_seconds = 61")
  const before = await overview()
  expect(before).toMatchObject({
    runs: { running: 0 },
    slowest_agents: [{ name: 'report', runs: 1, mean_seconds: 61 }],
  })
  expect(before.hours.at(-1).runs).toBe(1)
  await clock.leap(hourMs)
  const after = await overview()
  expect(after.hours.map(({ runs }: { runs: number }) => runs)).toEqual([
    ...before.hours.slice(1).map(({ runs }: { runs: number }) => runs),
    0,
  ])
})
