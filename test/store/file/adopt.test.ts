import { describe, expect, test } from 'vitest'
import journal from '../../../src/store/sqlite/migrations/meta/_journal.json' with { type: 'json' }
import {
  columnsOf,
  createPythonDatabase,
  insertAgentAsPython,
  insertRunAsPython,
  pythonRuns,
  rowsOf,
} from '../../support/store/python-database.ts'
import { createRunTable } from '../../support/store/run-table.ts'
import { connect, openTestStore } from '../../support/store/store.ts'
import { temporaryFile } from '../../support/temporary.ts'

const everyTable = ['workflow_runs', 'agents', 'execution_states', 'session_state', 'chat_sessions', 'chat_messages']

function pythonFile(): { path: string; contents: () => unknown } {
  const path = temporaryFile()
  createPythonDatabase(path)
  const sqlite = connect(path)
  const columns = new Map(everyTable.map((table) => [table, columnsOf(sqlite, table)]))
  return { path, contents: () => everyTable.map((table) => rowsOf(sqlite, table, columns.get(table))) }
}

describe('a file that the Python program made', () => {
  test('keeps every value of every row, byte for byte', () => {
    const { path, contents } = pythonFile()
    const before = contents()
    openTestStore(path)
    expect(contents()).toEqual(before)
  })

  test('keeps its columns as they are, ours following them', () => {
    const { path } = pythonFile()
    const sqlite = connect(path)
    const before = columnsOf(sqlite, 'workflow_runs')
    openTestStore(path)
    const after = columnsOf(sqlite, 'workflow_runs')
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.slice(before.length).map(({ name, notnull }) => `${name} ${notnull}`)).toEqual([
      'agent_id 0',
      'agent_workflow 0',
      'agent_url 0',
      'job_id 0',
      'attempt 0',
      'sent_at 0',
      'polls 0',
      'rerun_of 0',
      'error_fields 0',
      'withheld 0',
      'schema_hash 0',
      'reported_at 0',
      'trace_id 0',
      'trace_sampled 0',
      'started_by_name 0',
      'started_by_id 0',
    ])
  })

  test('ends up with the same columns and indexes as one that we made', () => {
    const { path } = pythonFile()
    openTestStore(path)
    const [adopted, ours] = [connect(path), connect(openTestStore().path)]
    for (const table of ['workflow_runs', 'agents', 'execution_states', 'session_state']) {
      expect(columnsOf(adopted, table)).toEqual(columnsOf(ours, table))
      const indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
      expect(adopted.prepare(indexes).all()).toEqual(ours.prepare(indexes).all())
    }
  })

  test('shows its rows, odd as they are', async () => {
    const { store } = openTestStore(pythonFile().path)
    const runs = createRunTable(store)
    for (const { id } of pythonRuns) expect(runs.get(id)!.startedAt).not.toBeNaN()
    expect(runs.get('repr')).toMatchObject({ inputs: `{'topic': "AI's", 'x': None}`, outputs: 'None', agentId: null })
    expect(runs.get('nan')).toMatchObject({
      outputs: '{"score": NaN, "word": "NaN"}',
      startedAt: Date.UTC(2026, 10, 20, 10, 0, 0, 123),
    })
    expect(await store.agents.all()).toMatchObject([
      { id: 'writer', metadata: 'None' },
      { id: 'reviewer', metadata: null },
    ])
  })

  test('has no run that we would take up again: they were all started by Python', () => {
    const { store } = openTestStore(pythonFile().path)
    expect(createRunTable(store).unfinished()).toEqual([])
  })

  test('can still be written to by Python, which names its own columns only', async () => {
    const { path } = pythonFile()
    const { store } = openTestStore(path)
    const python = connect(path)
    insertRunAsPython(python, { ...pythonRuns[0]!, id: 'later', startedAt: '2026-11-22 16:14:30.057758' })
    insertAgentAsPython(python, { id: 'later', port: 8003, metadata: '{}', at: '2026-11-22 16:14:30.057758' })
    expect(createRunTable(store).get('later')).toMatchObject({ status: 'completed', agentId: null, attempt: 0 })
    expect(await store.agents.get('later')).toMatchObject({ host: expect.any(String), port: 8003 })
  })

  test('gives Python our rows in its own terms', async () => {
    const { path } = pythonFile()
    const { store } = openTestStore(path)
    const startedAt = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
    await createRunTable(store).insert({
      id: 'ours',
      workflowName: 'writer',
      status: 'pending',
      inputs: '{}',
      startedAt,
    })
    expect(rowsOf(connect(path), 'workflow_runs').at(-1)).toMatchObject({
      workflow_name: "'writer'",
      started_at: "'2026-11-22 16:14:30.057000'",
      completed_at: 'NULL',
    })
  })
})

describe('an adoption that was interrupted', () => {
  test.each([
    ['after the first column', ['ALTER TABLE agents ADD base_url text']],
    [
      'between the tables',
      [
        'ALTER TABLE agents ADD base_url text',
        'ALTER TABLE agents ADD last_schema text',
        'ALTER TABLE workflow_runs ADD agent_id VARCHAR(255)',
        'ALTER TABLE workflow_runs ADD agent_workflow VARCHAR(256)',
      ],
    ],
    [
      'out of order',
      [
        'ALTER TABLE workflow_runs ADD job_id text',
        'CREATE INDEX ix_workflow_runs_started ON workflow_runs (started_at, id)',
      ],
    ],
  ])('is completed: %s', (_when, statements) => {
    const { path, contents } = pythonFile()
    const sqlite = connect(path)
    for (const statement of statements) sqlite.exec(statement)
    const before = contents()
    openTestStore(path)
    const names = (table: string) =>
      columnsOf(sqlite, table)
        .map(({ name }) => name)
        .sort()
    const ours = connect(openTestStore().path)
    for (const table of ['agents', 'workflow_runs']) {
      expect(names(table)).toEqual(
        columnsOf(ours, table)
          .map(({ name }) => name)
          .sort(),
      )
    }
    expect(contents()).toEqual(before)
  })

  test('is completed when the columns are all there and only the note of it is missing', async () => {
    const { path } = pythonFile()
    await openTestStore(path).store.close()
    const sqlite = connect(path)
    const before = columnsOf(sqlite, 'workflow_runs')
    sqlite.exec('DROP TABLE __drizzle_migrations')
    openTestStore(path)
    expect(columnsOf(sqlite, 'workflow_runs')).toEqual(before)
    expect(sqlite.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(journal.entries.length)
  })
})
