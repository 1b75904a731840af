import { drizzle } from 'drizzle-orm/better-sqlite3'
import { describe, expect, test } from 'vitest'
import { utc } from '../../../src/shared/time/zone.ts'
import type { RunOrder } from '../../../src/store/ports/run-pages.ts'
import type { RunSelection, TextSearch, WordsIn } from '../../../src/store/ports/run-selection.ts'
import { createRunCounts, createRunSample } from '../../../src/store/sqlite/history/counting/counts.ts'
import { createRunFigures } from '../../../src/store/sqlite/history/figures/figures.ts'
import { createRunLists } from '../../../src/store/sqlite/history/list.ts'
import { createRunReading, usualLimits } from '../../../src/store/sqlite/history/reading.ts'
import { createRunSums } from '../../../src/store/sqlite/history/sums.ts'
import { connect, openTestStore } from '../../support/store/store.ts'

const at = Date.UTC(2026, 10, 22)
const started: RunOrder = { by: 'started', isDescending: true }
/** With a few runs, all would be sorted; so that is what is done with a million. */
const asWithMany = { ...usualLimits, probed: 1, sorted: 0 }

const agents = ['agent-1', 'agent-2']
const statuses = ['failed', 'lost']
const anywhere: WordsIn['texts'] = ['inputs', 'outputs', 'error']
const words: TextSearch = {
  words: { all: [[{ texts: anywhere, terms: [{ text: 'safety', isBegun: false }] }]], none: [] },
  isEnough: true,
  holds: () => true,
  key: 'safety',
}
const day = { from: at, to: at + 86_400_000 }

/** Every filter alone, and what they come to together. */
const selections: Record<string, RunSelection> = {
  'nothing chosen': {},
  'an agent': { agents: ['agent-1'] },
  agents: { agents },
  'runs of no agent': { agents: [], isLocal: true },
  'runs of no agent, and an agent': { agents: ['agent-1'], isLocal: true },
  'a status': { statuses: ['failed'] },
  statuses: { statuses },
  'a workflow': { workflows: ['agent-1-workflow'] },
  'a time': day,
  'a duration': { longerThanSeconds: 10 },
  words: { text: words },
  'an agent not': { names: [{ of: 'agent', values: ['agent-1'], isNot: true }] },
  'a status not': { names: [{ of: 'status', values: ['completed'], isNot: true }] },
  'an id': { tests: [{ isNot: false, of: 'id', start: '3', end: '' }] },
  'a whole id': { tests: [{ isNot: false, of: 'id', id: '12' }] },
  'an id not': { tests: [{ isNot: true, of: 'id', start: '1', end: 'b1c2' }] },
  'a cost': { tests: [{ isNot: false, of: 'cost', range: { above: 0.05 } }] },
  'tokens, and a duration not': {
    tests: [
      { isNot: false, of: 'tokens', range: { from: 10, upTo: 50 } },
      { isNot: true, of: 'duration', range: { below: 5 } },
    ],
  },
  'either of two': {
    tests: [
      {
        isNot: false,
        of: 'any',
        tests: [
          { isNot: false, of: 'status', values: ['failed'] },
          { isNot: false, of: 'cost', range: { above: 1 } },
        ],
      },
    ],
  },
  'agents and statuses': { agents, statuses },
  'agents, statuses and a time': { agents, statuses, ...day },
  'a workflow and statuses': { workflows: ['agent-1-workflow'], statuses },
  'a duration and agents': { longerThanSeconds: 10, agents },
  'a duration and a time': { longerThanSeconds: 10, ...day },
  'words and agents': { text: words, agents },
  'words and a time': { text: words, ...day },
  'all of them': {
    agents,
    isLocal: true,
    statuses,
    workflows: ['agent-1-workflow'],
    longerThanSeconds: 10,
    text: words,
    ...day,
  },
}

/** A store of some runs, and what is asked of SQLite, with its plans. */
function observed(outputs: string[] = []) {
  const { path } = openTestStore()
  const sqlite = connect(path)
  const insert = sqlite.prepare(
    `INSERT INTO workflow_runs (id, workflow_name, agent_id, agent_workflow, status, started_at, duration_seconds,
       total_tokens, total_cost_usd, outputs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (let run = 0; run < 60; run++) {
    const agent = run % 6 === 5 ? 'report' : `agent-${run % 3}`
    const status = ['completed', 'failed', 'lost'][run % 3]
    const started = new Date(at + run * 3_600_000).toISOString().slice(0, 23).replace('T', ' ')
    insert.run(
      String(run),
      agent,
      agent === 'report' ? null : agent,
      `${agent}-workflow`,
      status,
      started,
      run,
      run,
      run,
      outputs[run] ?? null,
    )
  }
  sqlite.exec(`
    INSERT INTO run_search (rowid, inputs, outputs, error) SELECT seq, 'safety', '', '' FROM run_index;
    DELETE FROM run_search_queue`)
  const queries: string[] = []
  const prepare = sqlite.prepare.bind(sqlite)
  sqlite.prepare = ((query: string) => {
    const statement = prepare(query)
    for (const read of ['get', 'all'] as const) {
      const carryOut = statement[read].bind(statement)
      statement[read] = (...params: unknown[]) => {
        queries.push(query)
        return carryOut(...params) as never
      }
    }
    return statement
  }) as typeof sqlite.prepare
  // Which values stand in a query makes no difference to its plan.
  const planOf = (query: string) =>
    prepare(`EXPLAIN QUERY PLAN ${query.replaceAll('?', '1')}`)
      .all()
      .map((step) => (step as { detail: string }).detail)
  return {
    db: drizzle(sqlite),
    /** What has been asked since the last time. */
    asked: () => queries.splice(0).map((query) => ({ query, plan: planOf(query) })),
  }
}

const orders: RunOrder[] = (['started', 'duration', 'tokens', 'cost'] as const).flatMap((by) => [
  { by, isDescending: true },
  { by, isDescending: false },
])

describe.each(Object.entries(selections))('a page of %s', (_, selection) => {
  test.each(orders)('by $by, descending: $isDescending, follows an index, and reads no payloads', (order) => {
    const { db, asked } = observed()
    const lists = createRunLists(createRunReading(db, asWithMany))
    asked()
    const place = { seq: (at + 30 * 3_600_000) * 4096, ...(order.by !== 'started' && { value: 30 }) }
    lists.page(selection, { order, size: 10 })
    lists.page(selection, { order, size: 10, after: place })
    lists.page(selection, { order, size: 10, before: place })
    const queries = asked()
    expect(queries.some(({ query }) => query.includes('run_index r'))).toBe(true)
    for (const { query, plan } of queries) {
      expect(query).not.toContain('workflow_runs')
      if (!query.includes('run_index r')) continue
      for (const step of plan) {
        expect(step).not.toContain('TEMP B-TREE')
        if (/\br\b/.test(step)) expect(step).toMatch(/^SEARCH r USING (?:COVERING )?(?:INDEX|INTEGER PRIMARY KEY)/)
      }
    }
  })
})

test.each([
  ['nothing chosen', 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  ['a time', 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  ['agents', 'INDEX ix_run_index_agent (agent=? AND rowid>? AND rowid<?)'],
  ['runs of no agent', 'INDEX ix_run_index_agent (agent=? AND rowid>? AND rowid<?)'],
  ['statuses', 'INDEX ix_run_index_status (status=? AND rowid>? AND rowid<?)'],
  ['a status not', 'INDEX ix_run_index_status (status=? AND rowid>? AND rowid<?)'],
  ['agents and statuses', 'INDEX ix_run_index_agent_status (agent=? AND status=? AND rowid>? AND rowid<?)'],
  ['a workflow', 'INDEX ix_run_index_workflow (workflow=? AND rowid>? AND rowid<?)'],
  ['words', 'INTEGER PRIMARY KEY (rowid=?)'],
])('the rows of %s are read by %s', (name, index) => {
  const { db, asked } = observed()
  const lists = createRunLists(createRunReading(db))
  asked()
  lists.page(selections[name]!, { order: started, size: 10 })
  const [rows] = asked().filter(({ query }) => query.includes('r.run_id AS id'))
  expect(rows!.plan.filter((step) => /\br\b/.test(step))[0]).toBe(`SEARCH r USING ${index}`)
})

test.each([
  ['an id', 'INDEX ux_run_index_run (run_id>? AND run_id<?)'],
  ['a whole id', 'INDEX ux_run_index_run (run_id=? AND rowid>? AND rowid<?)'],
  ['a cost', 'INDEX ix_run_index_cost (cost>?)'],
])('among many, the few rows of %s are read by %s', (name, index) => {
  const { db, asked } = observed()
  const lists = createRunLists(createRunReading(db, { ...usualLimits, probed: 1 }))
  asked()
  lists.page(selections[name]!, { order: started, size: 10 })
  const [rows] = asked().filter(({ query }) => query.includes('r.run_id AS id'))
  expect(rows!.plan.filter((step) => /\br\b/.test(step))[0]).toBe(`SEARCH r USING ${index}`)
})

test('a page is sorted where few rows are meant', () => {
  const { db, asked } = observed()
  const lists = createRunLists(createRunReading(db))
  lists.page({ agents }, { order: { by: 'duration', isDescending: true }, size: 10 })
  expect(asked().flatMap(({ plan }) => plan)).toContainEqual(expect.stringContaining('USE TEMP B-TREE'))
})

test('the page of a filter that one index answers is one query', () => {
  const { db, asked } = observed()
  const lists = createRunLists(createRunReading(db))
  asked()
  lists.page({}, { order: started, size: 10 })
  lists.page({ agents, statuses }, { order: started, size: 10 })
  expect(asked()).toHaveLength(2)
})

test.each(Object.entries(selections))(
  'what is counted and charted of %s is not read row by row, nor with payloads',
  (_, selection) => {
    const { db, asked } = observed()
    const reading = createRunReading(db, asWithMany)
    asked()
    const sums = createRunSums(db, reading.names)
    const sample = createRunSample(reading)
    createRunCounts(reading, sums)(selection)
    createRunFigures(reading, sums)(selection, at, utc, () => sample(selection))
    for (const { query, plan } of asked()) {
      expect(query).not.toContain('workflow_runs')
      for (const step of plan) {
        expect(step).not.toMatch(/^SCAN (?:r|run_index)\b/)
        expect(step).not.toContain('TEMP B-TREE')
      }
    }
  },
)

describe('payloads that decide', () => {
  const outputs = Array.from({ length: 60 }, (_, run) => `{"n":${run}}`)
  const text: TextSearch = {
    words: undefined,
    isEnough: false,
    key: 'even',
    holds: ({ outputs }) => Number(JSON.parse(outputs!).n) % 2 === 0,
  }
  const ofPayloads = (queries: { query: string }[]) => queries.filter(({ query }) => query.includes('workflow_runs'))

  test('are read together', () => {
    const { db, asked } = observed(outputs)
    const lists = createRunLists(createRunReading(db))
    asked()
    expect(lists.page({ text }, { order: started, size: 50 }).rows).toHaveLength(30)
    expect(ofPayloads(asked())).toHaveLength(1)
  })

  test('are read one by one where they are long, and no further than a request may go', () => {
    const long = outputs.map((one) => one + ' '.repeat(200_000))
    const { db } = observed(long)
    let looked = 0
    const counting: TextSearch = { ...text, holds: (run) => ++looked > 0 && text.holds(run) }
    const lists = createRunLists(createRunReading(db, { ...usualLimits, budget: 5000 }))
    const { rows, searchedTo } = lists.page({ text: counting }, { order: started, size: 50 })
    expect(looked).toBe(3)
    expect(rows.map(({ id }) => id)).toEqual(['58'])
    expect(searchedTo?.seq).toBe((at + 57 * 3_600_000) * 4096)
  })

  test('are looked at a few at a time, with others between', () => {
    const { db } = observed(outputs.map((one) => one + ' '.repeat(200_000)))
    let looked = 0
    const counting: TextSearch = { ...text, holds: (run) => ++looked > 0 && text.holds(run) }
    const turns = createRunLists(createRunReading(db)).pageInTurns({ text: counting }, { order: started, size: 50 })
    const lookedAt: number[] = []
    while (!turns.next().done) lookedAt.push(looked)
    expect(lookedAt).toEqual([2, 4, 6, 8])
  })

  test('are all that is read of runs to tell of them: rows that words alone decide are as short as they can be', () => {
    const { db, asked } = observed()
    const reading = createRunReading(db)
    asked()
    createRunSample(reading)({ text: words })
    const rows = asked().filter(({ query }) => query.includes('r.duration'))
    expect(rows).toHaveLength(1)
    expect(rows[0]!.query).not.toContain('run_id')
  })
})

test('days are read once for a chart, whether a time is chosen or not', () => {
  const { db, asked } = observed()
  const reading = createRunReading(db)
  const figures = createRunFigures(reading, createRunSums(db, reading.names))
  const now = at + 100 * 86_400_000
  for (const time of [{}, { from: at }]) {
    asked()
    expect(figures(time, now, utc, () => ({ runs: [], isWhole: false })).runs).toBe(60)
    expect(asked().filter(({ query }) => /FROM run_(?:days|totals)/.test(query))).toHaveLength(1)
  }
})
