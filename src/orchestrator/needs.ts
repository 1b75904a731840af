import type { ActorRole, Role } from '../shared/role.ts'
import type { BulkRequest } from './bulk/request.ts'
import { roleFor } from './bulk/rules.ts'
import type { Service } from './service.ts'

/** What a method needs of who calls it. It is about `agents` (some, or their runs), `all` of them, or `nothing` of
 * both. */
export type Need<Given extends unknown[] = never[]> = {
  /** Some depend on what is asked for. */
  needs: Role | ((...given: Given) => ActorRole)
  about: 'agents' | 'all' | 'nothing'
  /** Whether agents that register themselves call it, too. */
  isForAgents?: true
}

export type NeedsOf<T> = {
  [Name in keyof T]: T[Name] extends (...given: infer Given) => unknown ? Need<Given> : NeedsOf<T[Name]>
}

const reads = { needs: 'viewer', about: 'agents' } as const
const readsAll = { needs: 'viewer', about: 'all' } as const
const asks = { needs: 'viewer', about: 'nothing' } as const
const runs = { needs: 'operator', about: 'agents' } as const
const changes = { needs: 'admin', about: 'all' } as const
const readsRegistry = { ...reads, isForAgents: true } as const
const saysOfItself = { needs: 'agent', about: 'agents' } as const
const selects = {
  needs: ({ action }: BulkRequest): ActorRole => roleFor(action),
  about: 'agents',
} as const

export const serviceNeeds: NeedsOf<Service> = {
  agents: reads,
  checkedAt: reads,
  board: reads,
  refreshAgents: asks,
  agentsRevision: reads,
  agentsDown: readsRegistry,
  agent: reads,
  agentPage: reads,
  agentToEdit: changes,
  agentWithRuns: changes,
  schema: reads,
  knownOrCurrentSchema: reads,
  knownSchema: reads,
  registered: readsRegistry,
  registration: readsRegistry,
  register: changes,
  registerItself: saysOfItself,
  beat: saysOfItself,
  edit: changes,
  pause: changes,
  resume: changes,
  checkNow: runs,
  checkAll: runs,
  remove: saysOfItself,
  expiredAgents: changes,
  removeExpired: changes,
  execute: runs,
  forms: { failure: asks, open: runs, change: runs, submit: runs },
  diagnose: { needs: 'operator', about: 'all' },
  run: reads,
  repeat: runs,
  rerun: runs,
  cancel: runs,
  ended: reads,
  nodes: { known: reads, count: reads, find: reads, state: reads },
  comparison: { compare: reads, with: reads },
  unsentInputs: reads,
  usual: reads,
  sameError: reads,
  runList: {
    revision: reads,
    list: reads,
    listFrom: reads,
    count: reads,
    figures: reads,
    newSince: reads,
    latestOf: reads,
    countOf: reads,
    fields: reads,
  },
  runQueries: {
    read: reads,
    checked: reads,
    isPosition: asks,
    params: asks,
    withFilter: asks,
    writeColumn: asks,
    writeSearch: asks,
    writeMoment: asks,
    writeDuration: asks,
  },
  exportRuns: reads,
  agentDays: { read: reads, version: reads },
  savedViews: {
    all: reads,
    mayChange: asks,
    save: runs,
    rename: runs,
    share: changes,
    remove: runs,
  },
  audit: { readFilter: changes, list: changes, export: changes, actorNames: changes },
  bulk: {
    preview: selects,
    begin: selects,
    get: reads,
    latest: reads,
    shown: reads,
    markSeen: reads,
    stop: runs,
    close: runs,
  },
  takeReports: runs,
  palette: reads,
  overview: reads,
  overviewRevision: reads,
  revision: reads,
  historyState: asks,
  system: {
    facts: readsAll,
    backups: { begin: changes, ended: changes, state: readsAll, file: changes },
  },
  readiness: { needs: 'anyone', about: 'nothing' },
  metrics: { read: readsAll },
  newToken: asks,
  now: { needs: 'anyone', about: 'nothing' },
}
