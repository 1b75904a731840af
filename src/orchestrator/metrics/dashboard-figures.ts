import type { HistoryProgress } from '../../store/ports/history.ts'
import { version } from '../../version.ts'
import type { EventStream } from '../events.ts'
import { counter, type Family, gauge, one, sharedGauge } from './family.ts'
import { createTally } from './tally.ts'

export function createDashboardFigures(deps: {
  events: EventStream
  fault: () => unknown
  /** Whether it does for all dashboards on the database what one of them does. */
  leads: () => boolean
  indexProgress: () => Promise<HistoryProgress | undefined>
}): () => Promise<Family[]> {
  const { events, fault, leads, indexProgress } = deps
  const faults = createTally(['kind'])
  const failures = createTally(['task'])
  const begun = createTally(['action'])
  const ended = createTally(['action', 'state'])
  const bulkRuns = createTally(['action', 'result'])
  const fromFault = ({ kind }: { kind: string }) => faults.add([kind])
  events.on('storage-fault-begun', fromFault)
  events.on('storage-fault-met', fromFault)
  events.on('failure', ({ task }) => failures.add([task]))
  events.on('bulk-action-begun', ({ action }) => begun.add([action]))
  events.on('bulk-action-ended', ({ action, state, done, leftOut, failed }) => {
    ended.add([action, state])
    bulkRuns.add([action, 'done'], done)
    bulkRuns.add([action, 'skipped'], leftOut)
    bulkRuns.add([action, 'failed'], failed)
  })

  return async () => [
    gauge('build_info', 'Version of the dashboard and of Node.js; always 1.', [
      { labels: { version, node: process.versions.node }, value: 1 },
    ]),
    gauge('leads', 'Whether this dashboard leads those on its database, or is alone.', one(leads() ? 1 : 0)),
    gauge('storage_fault', 'Whether the database cannot be written at present.', one(fault() ? 1 : 0)),
    counter('storage_faults_total', 'Faults of the database, by kind.', faults.samples()),
    counter('background_failures_total', 'Errors in the background, by task.', failures.samples()),
    counter('bulk_actions_begun_total', 'Bulk actions that began, by action.', begun.samples()),
    counter('bulk_actions_ended_total', 'Bulk actions that ended, by action and state.', ended.samples()),
    counter('bulk_action_runs_total', 'Runs of ended bulk actions, by action and result.', bulkRuns.samples()),
    ...(await indexFamilies(indexProgress)),
  ]
}

/** A database that cannot be read must not fail the scrape that says so. */
async function indexFamilies(progress: () => Promise<HistoryProgress | undefined>): Promise<Family[]> {
  const read = await progress().catch(() => 'unknown' as const)
  const left = read === 'unknown' ? [] : one(read ? Math.max(0, read.total - read.done) : 0)
  const building = read === 'unknown' ? [] : one(read ? 1 : 0)
  return [
    sharedGauge('index_building', 'Whether older runs are still being read into the history.', building),
    sharedGauge('index_runs_left', 'About how many runs are still to be read into the history.', left),
  ]
}
