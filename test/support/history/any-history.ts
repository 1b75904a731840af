import fc from 'fast-check'
import type { RunFilter } from '../../../src/orchestrator/history/filter.ts'
import type { SearchTerm } from '../../../src/orchestrator/history/search/terms.ts'
import { createHistoryStore } from '../../../src/store/sqlite/history/store.ts'
import type { HistoryWorld } from '../../contract/history/world.ts'
import { type Indexed, naiveList, type PlainRun, writeRun } from '../runs/plain-runs.ts'
import { connect, openTestStore } from '../store/store.ts'

export const at = Date.UTC(2026, 10, 22, 16)
/** Agents that are registered; the others are workflows, or were removed. */
export const registered = ['writer', 'editor']

const word = fc.constantFrom('safety', 'jazz', 'Ärger', 'rome', '要求退款', '退款')
const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
const count = fc.constantFrom(0, 1, 5, 400, 401)
const payload = fc.oneof(
  fc.constant(null),
  fc.record({ topic: text, word_count: count, isDone: fc.boolean() }).map((value) => JSON.stringify(value)),
  fc
    .record({ items: fc.array(text, { maxLength: 2 }), topic: fc.record({ name: text }) })
    .map((value) => JSON.stringify(value)),
  text.map((value) => `{'topic': '${value}', 'word_count': None}`),
  text,
)
const value = fc.constantFrom(null, 0, 0.5, 1, 1, 7)
/** Some near each other; others an hour, a day or a season later, as sums are kept by hours and days. */
const minutes = fc.constantFrom(0, 1, 2, 3, 4, 59, 60, 61, 180, 1439, 1440, 4400, 150_000)
/** A run without an id. */
export const anyRun: fc.Arbitrary<Omit<PlainRun, 'id'>> = fc
  .record({
    agent: fc.constantFrom('writer', 'editor', 'report', 'removed'),
    isOurs: fc.boolean(),
    workflow: fc.constantFrom(null, 'article', 'report'),
    status: fc.constantFrom('completed', 'completed', 'failed', 'running', 'odd'),
    by: fc.constantFrom(null, null, 'Ada', 'nightly'),
    startedAt: fc.oneof(
      { weight: 5, arbitrary: minutes.map((minute): number | string => at + minute * 60_000) },
      { weight: 1, arbitrary: fc.constantFrom<number | string>('yesterday', '') },
    ),
    duration: value,
    cost: value,
    tokens: count,
    inputs: payload,
    outputs: payload,
    error: fc.option(text),
  })
  .map(({ isOurs, ...one }) => ({ ...one, agentId: isOurs && one.agent !== 'report' ? one.agent : null }))

const field = fc.record({
  kind: fc.constant('field' as const),
  side: fc.constantFrom('in' as const, 'out' as const),
  path: fc.constantFrom<string[]>(['topic'], ['word_count'], ['items'], ['topic', 'name'], ['isDone'], []),
  compare: fc.constantFrom(':' as const, '=' as const, '>' as const, '<=' as const),
  value: fc.oneof(text, fc.constantFrom('400', '5.0', 'true', 'null')),
})
const someOf = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })
const oneTerm: fc.Arbitrary<SearchTerm> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc
        .array(
          word.map((one) => one.toLowerCase().replace('ä', 'a')),
          { minLength: 1, maxLength: 2 },
        )
        .map((words) => ({ kind: 'words' as const, words })),
      fc.record({
        kind: fc.constant('words' as const),
        words: fc.constantFrom<string[]>(['saf'], ['jazz', 'ro'], ['arger', '退']),
        isBegun: fc.constant(true),
      }),
      field,
      fc.record({ kind: fc.constant('error' as const), value: text }),
      fc.record({ kind: fc.constant('status' as const), values: someOf('failed', 'completed', 'odd') }),
      fc.record({ kind: fc.constant('agent' as const), values: someOf('writer', 'report') }),
      fc.record({ kind: fc.constant('workflow' as const), values: someOf('article', 'report') }),
      fc.record({ kind: fc.constant('by' as const), values: someOf('Ada', 'nightly', 'nobody') }),
      fc.record({
        kind: fc.constantFrom('cost' as const, 'tokens' as const, 'duration' as const),
        compare: fc.constantFrom('=' as const, '>' as const, '>=' as const, '<' as const, '<=' as const),
        value: fc.constantFrom('0', '0.5', '1', '400'),
      }),
      fc.record({
        kind: fc.constantFrom('cost' as const, 'tokens' as const, 'duration' as const, 'started' as const),
        compare: fc.constant(':' as const),
        value: fc.constant('*'),
      }),
      fc.record({
        kind: fc.constant('started' as const),
        compare: fc.constantFrom('=' as const, '>' as const, '>=' as const, '<' as const, '<=' as const),
        value: fc.constantFrom('2026-11-22', '2026-11-22T16:01', '2026-11-22T17:00:30', '2026-11-23'),
      }),
      fc.record({ kind: fc.constant('id' as const), value: fc.constantFrom('run-1', 'run-', 'run-3', 'x', 'run…1') }),
      fc.record({
        kind: fc.constant('id' as const),
        value: fc.constantFrom('run-1', 'run-12'),
        isWhole: fc.constant(true),
      }),
      fc.record({
        kind: fc.constant('field' as const),
        side: fc.constant('in' as const),
        path: fc.constantFrom<string[]>(['topic'], ['word_count'], ['items']),
        compare: fc.constant(':' as const),
        value: fc.constant('*'),
      }),
    ),
  )
  .map(([isNot, one]) => ({ isNot, ...one }))
const term: fc.Arbitrary<SearchTerm> = fc.oneof(
  { weight: 4, arbitrary: oneTerm },
  {
    weight: 1,
    arbitrary: fc
      .array(oneTerm, { minLength: 2, maxLength: 3 })
      .map((terms) => ({ isNot: false, kind: 'any' as const, terms })),
  },
)
const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant([] as T[]) },
    { weight: 3, arbitrary: fc.array(arbitrary, { maxLength }) },
  )
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 })
export const anyFilter: fc.Arbitrary<RunFilter> = fc.record({
  agents: some(fc.constantFrom('writer', 'editor', 'report', 'removed', 'nobody', '/local'), 3),
  statuses: some(fc.constantFrom('completed', 'failed', 'odd', 'lost'), 2),
  workflow: maybe(fc.constantFrom('article', 'report', 'writer')),
  from: maybe(minutes.map((minute) => at + minute * 60_000)),
  to: maybe(minutes.map((minute) => at + minute * 60_000 + 1)),
  longerThanSeconds: maybe(fc.constantFrom(0, 0.5, 1)),
  search: some(term, 2),
})

export const anyIndexed = fc.constantFrom<Indexed>('indexed', 'indexed', 'waiting', 'outdated')

/** So small that every way to read and every reason to stop is taken. */
const manyLimits = [1, 20, 60, 100_000].flatMap((budget, index) =>
  [1, 3, 25].map((cost, other) => ({
    budget,
    cost,
    probed: [1, 3, 1000][(index + other) % 3]!,
    sorted: [0, 2, 5, 1000][(index + 2 * other) % 4]!,
    held: [0, 1, 1000][(index + other + 1) % 3]!,
  })),
)

/** A history in SQLite. */
export function createHistory(): HistoryWorld {
  const { store, path, clock } = openTestStore()
  const sqlite = connect(path)
  sqlite.pragma('synchronous = OFF')
  for (const id of registered) {
    sqlite
      .prepare(
        `INSERT INTO agents (agent_id, agent_name, host, port, last_heartbeat, ttl_seconds, registered_at)
         VALUES (?, 'x', 'localhost', 1, '2026-11-20 08:00:00', 60, '2026-11-20 08:00:00')`,
      )
      .run(id)
  }
  let runs: PlainRun[] = []
  const remove = sqlite.prepare('DELETE FROM workflow_runs WHERE id = ?')
  let added = 0
  return {
    store,
    histories: [store.history, ...manyLimits.map((limits) => createHistoryStore(store, clock, limits))],
    clear() {
      runs = []
      added = 0
      sqlite.exec(
        "DELETE FROM workflow_runs; DELETE FROM run_search_queue; INSERT INTO run_search (run_search) VALUES ('delete-all')",
      )
    },
    add(one, indexed) {
      const run = { ...one, id: `run-${added++}` }
      runs.push(run)
      writeRun(sqlite, run, indexed)
      return run.id
    },
    remove(id) {
      runs = runs.filter((run) => run.id !== id)
      remove.run(id)
    },
    naive: (filter, sort) => naiveList(runs, registered, filter, sort),
  }
}
