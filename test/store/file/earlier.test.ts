import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { api, buildTestApp, type TestApp } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { expectInputLinesOfAll } from '../../support/store/run-index.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

/**
 * A file that the dashboard of 28 November 2026 left behind, which made it by ten migrations: begun by the Python
 * program, then with five agents, executions, two bulk actions, and an agent that was down.
 */
const earlier = gunzipSync(readFileSync(new URL('earlier.db.gz', import.meta.url)))
const writtenAt = Date.UTC(2026, 10, 28, 20, 41, 10)

function earlierFile(...changes: string[]): string {
  const path = temporaryFile()
  writeFileSync(path, earlier)
  for (const change of changes) connect(path).exec(change)
  return path
}

const openEarlier = (...changes: string[]) =>
  buildTestApp({ db: earlierFile(...changes) }, { clock: createTestClock(writtenAt) })

const definitions = (path: string) =>
  connect(path).prepare("SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name").all()

/** Takes back what the last migrations of that time did. */
const earlierStill = `
  DROP TRIGGER run_totals_added; DROP TABLE run_totals; DROP TABLE bulk_jobs; DROP TABLE bulk_reasons;
  DROP TABLE run_search; DROP TABLE run_search_long; DROP INDEX ix_run_index_tokens;
  CREATE VIRTUAL TABLE run_search USING fts5(inputs, outputs, error, content = '', contentless_delete = 1);
  DELETE FROM dashboard_state WHERE key = 'search_words';
  ALTER TABLE agents DROP COLUMN given_name; ALTER TABLE agents DROP COLUMN given_description;
  DELETE FROM __drizzle_migrations WHERE id > 6`

async function expectAgentsRunsAndHealth(app: TestApp): Promise<void> {
  const get = async (url: string) => (await api(app, 'GET', url)).json
  const found = async (words: string) => (await get(`/runs?q=${words}`)).runs.length
  const { agents } = await get('/orchestrator')
  expect(agents.map((agent: Record<string, unknown>) => [agent.agent_id, agent.agent_name, agent.is_paused])).toEqual([
    ['writer', 'Article Writer', false],
    ['failing', 'Failing', true],
    ['self', 'Given by hand', false],
    ['reviewer', 'REVIEWER', false],
    ['worker', 'Worker', false],
  ])
  const { runs } = await get('/runs')
  expect(runs).toHaveLength(11)
  expect(await get(`/runs/${runs[0].run_id}`)).toMatchObject({ status: 'completed', agent_id: 'writer' })
  expect([await found('elefanten'), await found('zebra')]).toEqual([3, 1])
  const { uptime, latency, incidents } = await get('/orchestrator/reviewer')
  expect([uptime['24h'], latency.down]).toEqual([0, 84])
  expect(incidents).toMatchObject([{ started_at: '2026-11-28T20:40:53.770Z', reason: 'connection refused' }])
}

test('a file of before the migrations were put together gets what is new, and the triggers of a file that we made', () => {
  const path = earlierFile()
  openTestStore(path)
  expect(definitions(path)).toEqual(definitions(openTestStore().path))
})

test('its runs get the lines that say what they were given', async () => {
  const path = earlierFile()
  const { store } = openTestStore(path)
  await store.history.begin()
  while (await store.history.addInputLines());
  expectInputLinesOfAll(connect(path))
  expect(connect(path).prepare('SELECT count(*) FROM run_input_lines').pluck().get()).toBeGreaterThan(5)
})

test('its agents, runs, bulk actions and health are all there', async () => {
  const app = await openEarlier()
  await expectAgentsRunsAndHealth(app)
  const { json } = await api(app, 'GET', '/runs/bulk')
  expect(json.jobs).toMatchObject([
    { action: 'rerun', done: 1, left_out: 2, reasons: [{ example_run_id: 'repr' }, { example_run_id: 'nobody' }] },
    { action: 'delete', done: 2, left_out: 0 },
  ])
})

test('a file of earlier migrations still is brought forward', async () => {
  await expectAgentsRunsAndHealth(await openEarlier(earlierStill))
})

test('triggers that are missing, or are others, are made anew', () => {
  const path = earlierFile(
    `DROP TRIGGER workflow_runs_gone; DROP VIEW run_sums;
     DROP TRIGGER workflow_runs_added; CREATE TRIGGER workflow_runs_added AFTER INSERT ON workflow_runs BEGIN SELECT 1; END`,
  )
  openTestStore(path)
  expect(definitions(path)).toEqual(definitions(openTestStore().path))
})
