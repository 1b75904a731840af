import fc from 'fast-check'
import type pg from 'pg'
import { expect, test } from 'vitest'
import { dayMs, hourMs } from '../../../src/shared/time/durations.ts'
import type { ReportedRun, RunRecord, RunStep } from '../../../src/store/ports/runs.ts'
import { createPlaces } from '../../../src/store/postgres/runs/places.ts'
import { createReporting } from '../../../src/store/postgres/runs/reports.ts'
import { getRuns, lockRuns } from '../../../src/store/postgres/runs/table.ts'
import { endurance } from '../../support/endurance.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

const at = Date.UTC(2026, 10, 22, 16)

async function open() {
  const { url, client } = await testDatabase()
  return { client, ...(await openTestPostgres({ url })) }
}

const step = (change: RunStep['change']): RunStep => ({ change, event: { kind: 'sent', attempt: 1, at } })

test('each run of a millisecond has its place, also where two programs add some', async () => {
  const { store, client } = await open()
  const [one, other] = [await openTestPostgres({ url: urlOf(client) }), { store }].map(({ store }) => store.runs)
  const ids = Array.from({ length: 60 }, (_, index) => `run-${index}`)
  await Promise.all(
    ids.map((id, index) => (index % 2 ? one : other)!.accept({ run: () => newRun(id, { startedAt: at }) })),
  )
  const { rows } = await client.query<{ seq: string }>('SELECT seq FROM runs ORDER BY seq')
  const places = rows.map(({ seq }) => Number(seq) - at * 4096)
  expect(places).toHaveLength(ids.length)
  for (const place of places) expect(place >= 0 && place < 4096).toBe(true)
  await store.runs.accept({ run: () => newRun('last', { startedAt: at }) })
  expect((await store.runs.unfinished()).at(-1)).toBe('last')
})

function urlOf(client: pg.Client): string {
  const { user, password, host, port, database } = client
  return `postgres://${user}:${password}@${host}:${port}/${database}`
}

test('the sums are those of the runs there are, whatever happens to them and when they are added up', async () => {
  const action = fc.record({
    run: fc.nat(4),
    what: fc.constantFrom('accept', 'complete', 'fail', 'report', 'delete', 'fold'),
    startedAt: fc.constantFrom(at, at + hourMs, at + 2 * dayMs),
    cost: fc.constantFrom(null, 0, 0.1, 0.7),
    tokens: fc.constantFrom(null, 3, 1e15),
  })
  const { store, client } = await open()
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
      await client.query(
        'DELETE FROM runs; DELETE FROM run_texts; DELETE FROM run_deltas; DELETE FROM run_hours; DELETE FROM run_days; DELETE FROM run_totals',
      )
      await store.bulk.add({
        id: 'b',
        token: 'b',
        action: 'delete',
        runs: { runIds: [] },
        total: 0,
        createdAt: at,
        startedBy: { id: 'local', name: 'local', role: 'admin', agents: null },
      })
      for (const { run, what, startedAt, cost, tokens } of actions) {
        const id = `run-${run}`
        const ended = { totalCostUsd: cost, totalTokens: tokens, durationSeconds: cost }
        const reported = {
          ...newRun(id),
          ...ended,
          agent: 'writer',
          workflow: 'nightly',
          completedAt: null,
          outputs: null,
          error: null,
          reportedAt: at,
        }
        if (what === 'accept') await store.runs.accept({ run: () => newRun(id, { startedAt }) }).catch(() => {})
        if (what === 'complete') await store.runs.change(id, () => step({ status: 'completed', ...ended }))
        if (what === 'fail') await store.runs.change(id, () => step({ status: 'failed', ...ended }))
        if (what === 'report') {
          const ids = [...Array.from({ length: run + 1 }, (_, index) => `run-${index}`), 'run-0']
          const status = (known: unknown) => (known ? 'failed' : 'running')
          await store.runs.report(
            ids.map((id) => ({ id, decide: (known) => ({ ...reported, id, status: status(known), startedAt }) })),
          )
        }
        if (what === 'delete')
          await store.bulk.deleteRuns('b', [{ id, cursor: 1, objection: undefined }], {
            cursor: 1,
            reasonIfGone: 'Gone.',
          })
        if (what === 'fold')
          for await (const _ of store.upkeep.tidy({ old: [], keepRuns: 0, keysBefore: 0, isThorough: false }));
      }
      for (const [view, unit] of [
        ['run_hours_now', hourMs],
        ['run_days_now', dayMs],
      ] as const) {
        expect(
          await sumsIn(client, `SELECT at, agent, status, runs, duration, timed, tokens, cost FROM ${view}`),
        ).toEqual(
          await sumsIn(
            client,
            `SELECT seq / 4096 / ${unit} AS at, agent, status, 1 AS runs, coalesce(duration, 0) AS duration,
            (duration IS NOT NULL)::int AS timed, coalesce(tokens, 0) AS tokens, coalesce(cost, 0) AS cost FROM runs`,
          ),
        )
      }
      expect(
        await sumsIn(client, `SELECT at, '' AS agent, status, runs, duration, timed, tokens, cost FROM run_totals_now`),
      ).toEqual(
        await sumsIn(client, `SELECT at, '' AS agent, status, runs, duration, timed, tokens, cost FROM run_days_now`),
      )
    }),
    { numRuns: endurance(25, 500) },
  )
})

/** What was added in another order differs in the sixteenth digit. */
async function sumsIn(client: pg.Client, rows: string): Promise<object[]> {
  const sum = (column: string) => `round(sum(${column})::numeric, 6)::float AS ${column}`
  const { rows: found } = await client.query(`
    SELECT at::int, agent, status, ${['runs', 'duration', 'timed', 'tokens', 'cost'].map(sum).join()} FROM (${rows}) AS parts
    GROUP BY at, agent, status HAVING sum(runs) <> 0 ORDER BY at, agent, status`)
  return found
}

test('the states that the Python program saved are read page by page', async () => {
  const { store, client } = await open()
  await store.runs.report([
    {
      id: 'a',
      decide: () => ({
        ...newRun('a'),
        agent: 'nightly',
        agentId: null,
        workflow: 'nightly',
        status: 'completed',
        completedAt: null,
        durationSeconds: null,
        totalTokens: null,
        totalCostUsd: null,
        outputs: null,
        error: null,
        reportedAt: at,
      }),
    },
  ])
  for (const run of ['a', 'b', 'a', 'a']) {
    await client.query(`INSERT INTO node_states (run_id, node, saved_at, state) VALUES ($1, 'draft', $2, $3)`, [
      run,
      at,
      `{"ü": "${run}"}`,
    ])
  }
  const page = { from: 0, max: 2, maxCharacters: 4, isPatient: false }
  const first = (await store.runs.nodeStates('a', page))!
  expect(first).toMatchObject({
    total: 3,
    previous: undefined,
    states: [{ node: 'draft', savedAt: at, bytes: 11, beginning: '{"ü"' }, {}],
  })
  const second = (await store.runs.nodeStates('a', { ...page, from: 2 }))!
  expect(second.states).toHaveLength(1)
  expect(second.previous).toEqual({ ...first.states[1], beginning: undefined })
  const { id } = second.states[0]!
  expect(await store.runs.nodeStateText('a', id)).toBe('{"ü": "a"}')
  expect(await store.runs.nodeStateText('b', id)).toBeUndefined()
})

test('old runs go with all that is theirs, but for the newest of all; schemas go that no run has', async () => {
  const { store, client } = await open()
  for (let day = 0; day < 6; day++) {
    const schemaText = `{"day": ${day}}`
    await store.runs.accept({
      run: () => newRun(`run-${day}`, { startedAt: at + day * dayMs }),
      schemaText,
      key: { key: `${day}`, inputsHash: '', at, expiresBefore: 0 },
    })
    if (day !== 1) await store.runs.change(`run-${day}`, () => step({ status: 'completed' }))
  }
  const old = [{ status: 'completed', startedBefore: at + 5 * dayMs }]
  const tidy = async (keepRuns: number) => {
    let deleted = 0
    for await (const some of store.upkeep.tidy({ old, keepRuns, keysBefore: 0, isThorough: true })) deleted += some
    return deleted
  }
  expect(await tidy(3)).toBe(2)
  expect(
    (await store.runs.summaries(['run-0', 'run-1', 'run-2', 'run-3', 'run-4', 'run-5'])).map(({ id }) => id),
  ).toEqual(['run-5', 'run-4', 'run-3', 'run-1'])
  expect(await store.upkeep.retention(old)).toMatchObject({ due: 0, deleted: { runs: 2 } })
  expect(await tidy(1)).toBe(2)
  const tables = ['runs', 'run_texts', 'run_events', 'run_keys', 'input_schemas', 'run_search_queue']
  const left: Record<string, number | null> = {}
  for (const table of tables) left[table] = (await client.query(`SELECT FROM ${table}`)).rowCount
  expect(Object.values(left)).toEqual([2, 2, 3, 2, 2, 2])
  expect(await store.upkeep.facts()).toMatchObject({ runs: { runs: 2, oldest: at + dayMs, newest: at + 5 * dayMs } })
})

test('a run that is being changed is indexed after that, and holds nothing up meanwhile', async () => {
  const { store, client } = await open()
  for (const id of ['changing', 'other']) await store.runs.accept({ run: () => newRun(id) })
  const waiting = async () =>
    (await client.query<{ id: string }>('SELECT id FROM run_search_queue JOIN runs USING (seq)')).rows.map(
      ({ id }) => id,
    )
  await client.query(`BEGIN; UPDATE run_texts SET inputs = 'gooseberry' WHERE run_id = 'changing'`)
  await store.history.index()
  await client.query('COMMIT')
  expect(await waiting()).toEqual(['changing'])
  await store.history.index()
  expect(await waiting()).toEqual([])
  const { rows } = await client.query(`SELECT id FROM run_search JOIN runs USING (seq) WHERE words @@ 'gooseberry'`)
  expect(rows).toEqual([{ id: 'changing' }])
})

test('runs with long texts that a report changes are read a few at a time', async () => {
  const { store } = await open()
  const outputs = JSON.stringify({ text: 'x'.repeat(6_000_000) })
  const ids = ['a', 'b', 'c', 'd', 'e']
  const reported: ReportedRun = {
    ...{ id: '', agent: 'nightly', agentId: null, workflow: 'nightly', status: 'running', startedAt: at },
    ...{ completedAt: null, durationSeconds: null, totalTokens: null, totalCostUsd: null, inputs: null, withheld: [] },
    ...{ outputs, error: null, reportedAt: at, traceId: null, startedBy: null, startedById: null },
  }
  for (const id of ids) await store.runs.report([{ id, decide: () => ({ ...reported, id }) }])
  const read: string[][] = []
  const known: (number | undefined)[] = []
  const report = createReporting({
    ...{ places: createPlaces(), lockRuns, onChange: () => {} },
    getRuns(session, some) {
      read.push(some)
      return getRuns(session, some)
    },
  })
  const reports = ['new', ...ids].map((id) => ({
    id,
    decide: (run?: RunRecord) => void known.push(run?.outputs?.length),
  }))
  await store.write((session) => report(session, reports))
  expect(read).toEqual([['new', 'a', 'b'], ['c', 'd'], ['e']])
  expect(known).toEqual([undefined, ...ids.map(() => outputs.length)])
})
