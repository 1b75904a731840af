import { expect, test } from 'vitest'
import { api, buildTestApp } from '../support/app.ts'
import { insertRuns, type StoredRun } from '../support/runs/runs.ts'

const failed = (id: string, more: StoredRun = {}): StoredRun => ({
  id,
  status: 'failed',
  workflow_name: 'web-scraper',
  agent_id: 'web-scraper',
  error_message: `Cannot connect to agent at http://localhost:800${id.length}: connection refused. Is it running?`,
  ...more,
})

test('the runs with the same error are those of the agent within a day, and the link lists as many', async () => {
  const app = await buildTestApp()
  const on = (day: number) => `2026-11-${day} 09:00:00.000000`
  await insertRuns(app, [
    failed('one', { started_at: on(20) }),
    failed('three', { started_at: on(20) }),
    failed('before', { started_at: '2026-11-19 09:00:00.000000' }),
    failed('after', { started_at: '2026-11-21 08:59:59.000000' }),
    failed('too-early', { started_at: '2026-11-19 08:59:59.000000' }),
    failed('too-late', { started_at: on(22) }),
    failed('another', { started_at: on(20), error_message: 'The answer was cut short' }),
    failed('elsewhere', { started_at: on(20), workflow_name: 'writer', agent_id: 'writer' }),
    failed('lost', { started_at: on(20), status: 'lost' }),
    failed('silent', { started_at: on(20), error_message: null }),
    failed('undated', { started_at: 'yesterday' }),
  ])
  const sameError = async (id: string) => app.orchestrator.sameError((await app.orchestrator.run(id)).run)
  const found = await sameError('one')
  expect(found).toMatchObject({ runs: 4, isExact: true })
  expect(await sameError('another')).toMatchObject({ runs: 1 })
  for (const id of ['lost', 'silent', 'undated']) expect(await sameError(id), id).toBeUndefined()
  const listed = await api(app, 'GET', `/runs?${found!.query}`)
  expect(listed.json).toMatchObject({ total: 4, total_is_exact: true })
  expect(listed.json.runs.map(({ run_id }: { run_id: string }) => run_id).sort()).toEqual([
    'after',
    'before',
    'one',
    'three',
  ])
  await api(app, 'POST', '/runs/bulk', { action: 'delete', run_ids: ['after'], confirm: true })
  await expect.poll(async () => (await sameError('one'))?.runs).toBe(3)
})
