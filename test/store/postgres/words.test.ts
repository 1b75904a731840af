import { expect, test } from 'vitest'
import { indexAnew } from '../../../src/store/postgres/history/search-index.ts'
import { api, buildTestApp } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

test('where words are split in another way, runs are indexed anew in portions, and a start goes on where one ended', async () => {
  const { url, client } = await testDatabase()
  const config = { db: url, secretKey: 'ab'.repeat(32) }
  const app = await buildTestApp(config)
  const times = { started_at: '2026-11-22T16:14:30Z', completed_at: '2026-11-22T16:14:31Z' }
  const runs = Array.from({ length: 7 }, (_, index) => ({ run_id: `run-${index}`, inputs: { topic: 'jazz' } }))
  const reports = runs.map((run) => ({ ...run, ...times, workflow_name: 'nightly', status: 'completed' }))
  expect((await api(app, 'POST', '/runs', reports)).status).toBe(200)
  await app.close()
  await client.query(`UPDATE dashboard_state SET value = '1' WHERE key = 'search_words'`)

  const clock = createTestClock()
  const { store } = await openTestPostgres({ url, clock })
  const waiting = async () => Number((await client.query('SELECT count(*) FROM run_search_queue')).rows[0].count)
  await client.query('TRUNCATE run_search_queue')
  expect([await store.write((session) => indexAnew(session, 3)), await waiting()]).toEqual([true, 3])

  // What was queued is indexed already: the next start does not begin again.
  await client.query('TRUNCATE run_search_queue')
  const again = await openTestPostgres({ url, clock })
  await again.store.history.begin()
  expect(await waiting()).toBe(4)
  expect([await again.store.write((session) => indexAnew(session, 3)), await waiting()]).toEqual([false, 4])
})

test('the words of a long text are kept as a search looks at them', async () => {
  const { url, client } = await testDatabase()
  const app = await buildTestApp({ db: url, secretKey: 'ab'.repeat(32) })
  const topic = Array.from({ length: 250 }, (_, index) => `word${index}`).join(' ')
  const times = { started_at: '2026-11-22T16:14:30Z', completed_at: '2026-11-22T16:14:31Z' }
  const report = { run_id: 'long', inputs: { topic }, ...times, workflow_name: 'nightly', status: 'completed' }
  expect((await api(app, 'POST', '/runs', report)).status).toBe(200)
  await app.close()
  const { store } = await openTestPostgres({ url })
  while ((await store.history.unindexed(1)) > 0) await store.history.index()
  const { rows } = await client.query(
    'SELECT length(words) AS words, pg_column_compression(words) AS packed FROM run_search',
  )
  expect(rows).toEqual([{ words: 250, packed: null }])
})
