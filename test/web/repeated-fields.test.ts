import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem } from '../support/app.ts'
import { insertRuns } from '../support/runs/runs.ts'

test.each([
  ['/runs/bulk', '{"action":"delete","filter":"status=lost","filter":"status=completed","confirm":true}', 'filter'],
  ['/runs/bulk', '{"action":"delete","filter":{"status":"lost","status":"completed"},"confirm":true}', 'status'],
  ['/runs/bulk', '{"action":"cancel","all":true,"confirm":true,"\\u0061ction":"delete"}', 'action'],
  [
    '/orchestrator/register',
    '{"agent_id":"a","agent_id":"b","agent_name":"A","agent_url":"http://localhost:9"}',
    'agent_id',
  ],
  [
    '/runs',
    '{"run_id":"a","run_id":"b","workflow_name":"w","status":"running","started_at":"2026-11-01T00:00:00Z"}',
    'run_id',
  ],
])('a body that gives a field twice is refused, and nothing is done: %s %s', async (url, body, field) => {
  const app = await buildTestApp()
  await insertRuns(app, [{ id: 'one' }])
  expectProblem(await api(app, 'POST', url, body), 422, [field])
  expect((await api(app, 'GET', '/runs')).json.total).toBe(1)
})

test('of a list of reports, one that gives a field twice is refused alone', async () => {
  const app = await buildTestApp()
  const report = '"workflow_name":"w","status":"running","started_at":"2026-11-01T00:00:00Z"'
  const { status, json } = await api(
    app,
    'POST',
    '/runs',
    `[{"run_id":"a",${report}},{"run_id":"b",${report},"status":"failed"}]`,
  )
  expect(status).toBe(207)
  expect(json.results.map((one: { problem?: object }) => one.problem !== undefined)).toEqual([false, true])
})
