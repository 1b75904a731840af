import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { PgTable } from '../postgres/sql/drizzle.ts'
import * as base from '../postgres/sql/schema/tables.ts'
import * as file from '../sqlite/sql/schema/tables.ts'
import { agentFromFile, agentToFile } from './agents.ts'
import { reasonToBase, runIdsFromFile, runIdsToFile } from './bulk.ts'
import type { Row } from './row.ts'

export type Entity = {
  /** As people know it. */
  name: string
  file: SQLiteTable
  base: PgTable
  /** Properties that order the rows, the same in both stores. */
  key: string[]
  inFile?: string
  inBase?: string
  /** Rows may have megabytes. */
  isWide?: true
  /** Properties of the base by those of the file, where they differ. */
  renamed?: Record<string, string>
  fromFile?(row: Row): Row
  toFile?(row: Row): Row
  toBase?(row: Row): Row
}

/** Of rows that are listed in the order in which they were added: that of the rowid. */
const number = ['number']
const kept = "key LIKE 'let!_go!_%' ESCAPE '!'"

export const runs: Entity = { name: 'runs', file: file.workflowRuns, base: base.runs, key: ['seq'], isWide: true }

/** All that is moved, in this order. What stores make of it by themselves is not: sums, words, lists. */
export const entities: Entity[] = [
  { name: 'users', file: file.users, base: base.users, key: ['id'] },
  { name: 'sessions', file: file.sessions, base: base.sessions, key: ['id'] },
  { name: 'tokens', file: file.tokens, base: base.tokens, key: ['id'] },
  { name: 'audit trail', file: file.audit, base: base.audit, key: ['id'] },
  {
    ...{ name: 'agents', file: file.agents, base: base.agents, key: number },
    ...{ fromFile: agentFromFile, toFile: agentToFile },
  },
  { name: 'credentials', file: file.agentCredentials, base: base.agentCredentials, key: ['agentId'] },
  { name: 'health checks', file: file.healthChecks, base: base.healthChecks, key: ['agentId', 'at'] },
  {
    ...{ name: 'health in sums', file: file.healthRollups, base: base.healthRollups },
    key: ['agentId', 'resolutionSeconds', 'at'],
  },
  { name: 'incidents', file: file.healthIncidents, base: base.healthIncidents, key: ['id'] },
  { name: 'schemas', file: file.inputSchemas, base: base.inputSchemas, key: ['id'], renamed: { hash: 'id' } },
  runs,
  { name: 'events of runs', file: file.runEvents, base: base.runEvents, key: ['id'] },
  { name: 'calls of agents', file: file.runExchanges, base: base.runExchanges, key: ['id'], isWide: true },
  { name: 'keys of runs', file: file.runKeys, base: base.runKeys, key: ['key'] },
  {
    ...{ name: 'states of nodes', file: file.executionStates, base: base.nodeStates, key: ['id'], isWide: true },
    renamed: { nodeId: 'node', stateData: 'state', createdAt: 'savedAt' },
    // Those of deleted runs wait for their own deletion.
    inFile: 'run_id NOT IN (SELECT run_id FROM removed_runs)',
  },
  {
    ...{ name: 'bulk actions', file: file.bulkActions, base: base.bulkActions, key: number, isWide: true },
    ...{ fromFile: runIdsFromFile, toFile: runIdsToFile },
  },
  {
    ...{ name: 'reasons of bulk actions', file: file.bulkReasons, base: base.bulkReasons, toBase: reasonToBase },
    key: ['bulkId', 'kind', 'reason'],
  },
  { name: 'saved views', file: file.savedViews, base: base.savedViews, key: number },
  {
    ...{ name: 'counts of deleted runs', file: file.dashboardState, base: base.dashboardState, key: ['key'] },
    ...{ inFile: kept, inBase: kept },
  },
]
