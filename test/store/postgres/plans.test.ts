import type { SQL } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { parseSearch } from '../../../src/orchestrator/history/search/parse.ts'
import { selectionOf } from '../../../src/orchestrator/history/selection.ts'
import { dayMs, hourMs } from '../../../src/shared/time/durations.ts'
import { utc } from '../../../src/shared/time/zone.ts'
import type { RunOrder } from '../../../src/store/ports/run-pages.ts'
import type { RunSelection } from '../../../src/store/ports/run-selection.ts'
import type { Ask } from '../../../src/store/postgres/database/session.ts'
import { createHistoryStore } from '../../../src/store/postgres/history/store.ts'
import { createFolding } from '../../../src/store/postgres/runs/folding.ts'
import { deltas } from '../../../src/store/postgres/runs/writing.ts'
import { sql } from '../../../src/store/postgres/sql/drizzle.ts'
import { testDatabase } from '../../support/postgres/database.ts'
import { openTestPostgres } from '../../support/store/postgres.ts'

const now = Date.UTC(2026, 10, 22, 16)
const runs = 60_000
/** Of a table, by one step of a plan: as many as a chart takes durations of, and some more. */
const mostRead = runs / 5
const limits = { first: 100, window: 1000, sorted: 500, rare: 1000, budget: 2000 }
const wide = ['runs', 'run_texts', 'run_search', 'run_hours', 'run_days']

type Step = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Step[]
}
type Store = Awaited<ReturnType<typeof openTestPostgres>>['store']

/** A history in which one status, and one agent, have no run, and some words always come together. */
async function fill(store: Store): Promise<void> {
  await store.write(async ({ run }) => {
    // As large as with all the words of real texts.
    await run(sql`ALTER TABLE run_search SET (fillfactor = 10)`)
    await run(sql`
      INSERT INTO runs (seq, id, agent, agent_id, workflow, status, started_at, duration, tokens, cost, attempt)
      SELECT (${now}::bigint - n * 300000::bigint) * 4096, 'run-' || n, agent, CASE WHEN n % 50 > 0 THEN agent END,
        agent || '-workflow-' || n % 2, CASE WHEN n % 11 = 0 THEN 'failed' ELSE 'completed' END,
        ${now}::bigint - n * 300000::bigint, n % 997, n % 5000, n % 5000 * 2e-6, 1
      FROM generate_series(1, ${runs}::int) AS n, LATERAL (
        SELECT CASE WHEN n % 50 = 0 THEN 'report' ELSE 'agent-' || n % 40 END AS agent
      ) AS named`)
    await run(
      sql`INSERT INTO run_texts (run_id, inputs, is_sampled) SELECT id, '{"topic": "climate policy"}', true FROM runs`,
    )
    await run(sql`
      INSERT INTO run_search SELECT seq, CASE WHEN seq / 4096 / 300000 % 8 = 0 THEN '''climate'':1A ''policy'':1A'
        WHEN id = 'run-50001' THEN '''zanzibar'':1A' ELSE '''safety'':1A' END::tsvector FROM runs`)
    await run(deltas(sql`SELECT 1 AS sign, * FROM runs`))
  })
  await createFolding(store).fold()
  await store.write(({ run }) => run(sql`ANALYZE`))
}

/** The store, and the plans of all that was asked of it, each with what it really read. */
function observed(store: Store, given = limits) {
  const asked: SQL[] = []
  const watched = (ask: Ask): Ask => ({
    rows: (query) => {
      asked.push(query)
      return ask.rows(query)
    },
    first: (query) => {
      asked.push(query)
      return ask.first(query)
    },
  })
  const history = createHistoryStore(
    {
      ...store,
      ask: watched(store.ask),
      readMoment: (work) => store.readMoment((session) => work({ ...session, ...watched(session) })),
    },
    given,
  )

  async function tooLong(): Promise<string[]> {
    const found: string[] = []
    for (const query of asked.splice(0)) {
      const row = await store.ask
        .first<{ 'QUERY PLAN': [{ Plan: Step }] }>(sql`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${query}`)
        .catch(() => undefined)
      for (const step of row ? stepsOf(row['QUERY PLAN'][0].Plan) : []) {
        const read = (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops']
        if (wide.includes(step['Relation Name'] ?? '') && read > mostRead) {
          found.push(`${step['Node Type']} of ${read} ${step['Relation Name']}`)
        }
      }
    }
    return found
  }

  /** How run_search was read. */
  async function waysToWords(): Promise<string[]> {
    const found: string[] = []
    for (const query of asked.splice(0)) {
      const row = await store.ask
        .first<{ 'QUERY PLAN': [{ Plan: Step }] }>(sql`EXPLAIN (FORMAT JSON) ${query}`)
        .catch(() => undefined)
      const steps = row ? stepsOf(row['QUERY PLAN'][0].Plan) : []
      found.push(...steps.filter((step) => step['Relation Name'] === 'run_search').map((step) => step['Node Type']))
    }
    return [...new Set(found)].sort()
  }

  return { history, tooLong, waysToWords }
}

function stepsOf(step: Step): Step[] {
  return [step, ...(step.Plans ?? []).flatMap(stepsOf)]
}

const by = (key: RunOrder['by'], isDescending = true): RunOrder => ({ by: key, isDescending })

function searching(q: string): RunSelection {
  const read = parseSearch(q)
  if (!('value' in read)) throw new Error(read.error)
  return selectionOf({ agents: [], statuses: [], search: read.value })
}

const selections: Record<string, RunSelection> = {
  'nothing chosen': {},
  'an agent': { agents: ['agent-3'] },
  'an agent without runs': { agents: ['agent-x'] },
  'a status that no run has': { statuses: ['running', 'pending'] },
  'agents and statuses': { agents: ['agent-3', 'agent-9'], statuses: ['failed', 'lost'] },
  'runs of no agent': { agents: [], isLocal: true },
  'a workflow': { workflows: ['agent-3-workflow-1'] },
  'a time': { from: now - dayMs },
  'a duration': { longerThanSeconds: 990 },
  'a common word': searching('safety'),
  'a rare word': searching('zanzibar'),
  'words that always come together': searching('"climate policy"'),
  'words of an agent': { ...searching('safety'), agents: ['agent-3'] },
}

test('no list, count, chart or overview of many runs reads more than few of them', { timeout: 120_000 }, async () => {
  const { store } = await openTestPostgres({ url: (await testDatabase({ isNew: true })).url })
  await fill(store)
  const { history, tooLong } = observed(store)
  const found: Record<string, string[]> = {}

  async function look(name: string, work: () => Promise<unknown>): Promise<void> {
    await work()
    const steps = await tooLong()
    if (steps.length > 0) found[name] = steps
  }

  for (const [name, selection] of Object.entries(selections)) {
    for (const order of [by('started'), by('started', false), by('duration')]) {
      await look(`${name} by ${order.by}`, () => history.list(selection, { order, max: 50 }))
    }
    await look(`chart of ${name}`, () => history.figures(selection, now, utc))
  }
  const day = { from: now - dayMs, to: now + hourMs }
  await look('agents', () => history.agentFigures(day))
  await look('costs', () => history.costs([day, { from: now - 7 * dayMs, to: now }]))
  await look('costs by agent', () => history.costsByAgent([day]))
  const failedSince = [
    { agent: 'agent-3', since: now - dayMs },
    { agent: 'agent-x', since: 0 },
  ]
  const most = { maxUnfinished: 5, maxLatest: 10, maxFailures: 1000, maxDurations: 5000, maxCounted: 1000 }
  await look('overview', () => history.overview({ now, lastDay: day, failedSince, ...most }))
  expect(found).toEqual({})

  // Of late none had them: the newest runs do not tell how many there are.
  await store.write(({ run }) =>
    run(sql`UPDATE run_search SET words = '''safety'':1A' WHERE seq > (${now}::bigint - 300::bigint * 300000) * 4096`),
  )
  const { history: later, waysToWords } = observed(store, { ...limits, rare: 5000 })
  const words = 'words that always come together'
  expect((await later.list(selections[words]!, { order: by('started'), max: 10 })).runs).toHaveLength(10)
  expect(await waysToWords()).toEqual(['Index Only Scan', 'Index Scan', 'Sample Scan'])
})

test('a word that is missing from the statistics is found at once in a long history', {
  timeout: 120_000,
}, async () => {
  const { store } = await openTestPostgres({ url: (await testDatabase({ isNew: true })).url })
  await fill(store)
  // Of an unknown word, PostgreSQL takes it that one in 200 runs has it: of many runs, these are not few.
  await store.write(({ run }) => run(sql`ALTER TABLE run_search ALTER words SET STATISTICS 1`))
  await store.write(({ run }) => run(sql`ANALYZE run_search`))
  const few = { ...limits, rare: runs / 1000, sorted: runs / 1000 }
  for (const order of [by('started'), by('duration')]) {
    const { history } = observed(store, few)
    const { runs: found, searchedTo } = await history.list(selections['a rare word']!, { order, max: 50 })
    expect([found.map(({ id }) => id), searchedTo]).toEqual([['run-50001'], undefined])
    const common = await history.list(selections['a common word']!, { order, max: 50 })
    expect(common.runs).toHaveLength(50)
  }
})
