import { expect, test } from 'vitest'
import { parseSearch } from '../../../src/orchestrator/history/search/parse.ts'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { newestFirst } from '../../../src/store/history/scanning.ts'
import { usualLimits } from '../../../src/store/postgres/history/reading.ts'
import { indexAnew } from '../../../src/store/postgres/history/search-index.ts'
import { createHistoryStore } from '../../../src/store/postgres/history/store.ts'
import type { PostgresStore } from '../../../src/store/postgres/store.ts'
import { usual } from '../../contract/history/common.ts'
import { api, buildTestApp } from '../../support/app.ts'
import { createTestClock } from '../../support/clock.ts'
import { at } from '../../support/history/any-history.ts'
import { createPostgresHistory } from '../../support/history/postgres-history.ts'
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

test.each([
  ['newest', true],
  ['oldest', false],
])('runs whose words wait to be taken in are found far from the %s one', async (_, isDescending) => {
  const world = await createPostgresHistory()
  const wanted: string[] = []
  for (let index = 0; index < 40; index++) {
    const isWanted = index >= 15 && index < 25
    const inputs = JSON.stringify({ topic: isWanted ? 'jazz' : 'rome' })
    const id = await world.add({ ...usual, startedAt: at + index, inputs }, index % 3 === 0 ? 'waiting' : 'indexed')
    if (isWanted) wanted.push(id)
  }
  const limits = { ...usualLimits, first: 2, window: 40, sorted: 0, rare: 0 }
  const history = createHistoryStore(world.store as PostgresStore, limits)
  const read = parseSearch('jazz')
  const selection = selectionOf({ agents: [], statuses: [], search: 'value' in read ? read.value : [] })
  const { runs } = await history.page(selection, { order: { by: 'started', isDescending }, max: 50 })
  expect(runs.map(({ id }) => id)).toEqual(isDescending ? wanted.toReversed() : wanted)
})

test('each view of a search continues where the last one ended, and shows runs that came, changed and went', async () => {
  const world = await createPostgresHistory()
  const wanted: string[] = []
  for (let index = 0; index < 60; index++) {
    const outputs = JSON.stringify({ count: index % 10 })
    const id = await world.add({ ...usual, startedAt: at + index, outputs }, 'indexed')
    if (index % 10 === 9) wanted.unshift(id)
  }
  const limits = { ...usualLimits, first: 5, budget: 600 }
  const history = createHistoryStore(world.store as PostgresStore, limits)
  const read = parseSearch('out.count>8')
  const selection = selectionOf({ agents: [], statuses: [], search: 'value' in read ? read.value : [] })
  const view = (max: number) => history.list(selection, { order: newestFirst, max })
  const first = await view(50)
  expect(first.searchedTo).toBeDefined()
  expect(first.runs.length).toBeLessThan(wanted.length)
  let later = first
  for (let views = 0; later.searchedTo && views < 60; views++) {
    await world.store.announce()
    later = await view(50)
  }
  expect(later).toMatchObject({ isMore: false, total: { runs: wanted.length, isExact: true } })
  expect(later.runs.map(({ id }) => id)).toEqual(wanted)

  const come = await world.add({ ...usual, startedAt: at + 70, outputs: '{"count": 9}' }, 'indexed')
  await world.remove(wanted[1]!)
  const [newest, second] = [come, wanted[0]!]
  expect((await view(2)).runs.map(({ id }) => id)).toEqual([newest, second])
  expect(await view(50)).toMatchObject({ isMore: false, total: { runs: wanted.length, isExact: true } })
})
