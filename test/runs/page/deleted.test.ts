import { expect, test } from 'vitest'
import { api, buildTestApp, expectProblem, page } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { insertRuns } from '../../support/runs/runs.ts'

const dayMs = 86_400_000
const now = Date.UTC(2026, 10, 20, 12)
/** As uuid makes them. */
const idOf = (at: number, version = 7) => {
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${version}abc-8def-0123456789ab`
}
const build = (config: object) => buildTestApp(config, { clock: createTestClock(now) })

test('a run whose id is from before what is kept is gone, in words', async () => {
  const app = await build({ keepDays: 90, keepFailedDays: 365 })
  const id = idOf(now - 91 * dayMs)
  const answer = await api(app, 'GET', `/runs/${id}`)
  expectProblem(answer, 410)
  expect(answer.json).toMatchObject({
    type: 'urn:configurable-agents:problem:run-deleted',
    detail: `There is no run "${id}" any more: its ID is from 2026-08-21, and runs are deleted after 90 days.`,
  })
  const shown = await page(app, `/runs/${id}`)
  expect(shown.status).toBe(410)
  expect(shown.text).toContain('runs are deleted after 90 days')
  expectProblem(await api(app, 'GET', `/runs/${id}/inputs`), 410)
  expectProblem(await api(app, 'POST', `/runs/${id}/rerun`), 410)
  expectProblem(await api(app, 'POST', `/runs/${id}/cancel`), 410)
  await insertRuns(app, [{ id }])
  expect((await api(app, 'GET', `/runs/${id}`)).status).toBe(200)
})

test('of other ids nothing is known', async () => {
  const app = await build({ keepDays: 90, keepFailedDays: 365 })
  for (const id of [idOf(now - 89 * dayMs), idOf(now - 900 * dayMs, 4), 'old', idOf(now + dayMs)]) {
    expectProblem(await api(app, 'GET', `/runs/${id}`), 404)
  }
})

test('where runs are kept for ever, none was deleted by its age', async () => {
  const old = `/runs/${idOf(now - 900 * dayMs)}`
  expectProblem(await api(await build({ keepDays: 0, keepFailedDays: 0 }), 'GET', old), 404)
  expectProblem(await api(await build({ keepRuns: 0 }), 'GET', old), 404)
  expectProblem(await api(await build({ keepDays: 0, keepFailedDays: 365 }), 'GET', old), 410)
})
