import type { SystemFacts } from '../../orchestrator/system/system.ts'
import { inNumber } from '../../shared/plural.ts'
import { formatBytes, formatNumber } from '../format/numbers.ts'
import { formatAge, isoTime, type Times } from '../format/times.ts'
import { backupAsJson, presentBackup } from './backup.ts'
import { dashboardsAsJson, presentDashboards } from './dashboards.ts'

/** Not everybody is to know where the database is. */
export type ShownFacts = Omit<SystemFacts, 'path'> & { path: string | undefined }

type TableRows = SystemFacts['tables'][number]
type Progress = NonNullable<SystemFacts['index']['states']>

const usualPollSeconds = 10
const busyPollSeconds = 1

export const pollSeconds = (isBusy: boolean) => (isBusy ? busyPollSeconds : usualPollSeconds)

/** The rows of tables that people fill; all others are derived. */
const contents: Record<string, string> = {
  workflow_runs: 'Runs',
  runs: 'Runs',
  run_events: 'Run events',
  run_exchanges: 'Exchanges with agents',
  execution_states: 'Node states (Python)',
  node_states: 'Node states (Python)',
  agents: 'Agents',
  saved_views: 'Saved views',
  input_schemas: 'Input schemas',
  run_keys: 'Idempotency keys',
  health_checks: 'Health checks',
  health_rollups: 'Health rollups',
  health_incidents: 'Incidents',
}

/** The region `#system`. */
export function presentSystem(facts: ShownFacts, times: Times) {
  const { path, sizes, runs, index, backup, versions } = facts
  const isReading = index.reading !== undefined
  const isBusy = isReading || index.states !== undefined || backup.status === 'running'
  return {
    pollSeconds: pollSeconds(isBusy),
    path,
    size: formatBytes(sizes.data),
    isFile: versions.engine === 'SQLite',
    log: formatBytes(sizes.log),
    empty: sizes.reusable > 0 ? formatBytes(sizes.reusable) : undefined,
    free: formatBytes(sizes.free),
    runs: formatNumber(runs.runs),
    runsNote: isReading ? 'Runs read so far' : 'Runs',
    oldestNote: isReading ? 'Oldest run read so far' : 'Oldest run',
    oldest: times.moment(runs.oldest),
    newest: times.moment(runs.newest),
    index: presentIndex(index),
    backup: presentBackup(backup, times),
    ...presentTables(facts),
    dashboards: presentDashboards(facts.dashboards, times),
    /** Behind a proxy, the next poll may come to another. */
    thisDashboard: facts.dashboards?.find(({ isThis }) => isThis)?.name,
    wrongClock: inWordsOfClock(facts.clockAheadMs),
    leaseSeconds: formatNumber(facts.leaseSeconds),
    versions,
  }
}

function inWordsOfClock(aheadMs: number | undefined): string | undefined {
  return aheadMs === undefined
    ? undefined
    : `about ${formatAge(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'}`
}

function presentIndex({ reading, unsearched, states }: SystemFacts['index']) {
  const working = (name: string, text: string, bar?: Progress) => ({
    ...{ name, bar },
    state: { tone: 'working', icon: 'busy', word: text },
  })
  const going = [
    reading && working('History', `Reading the history: ${share(reading)} runs`, reading),
    unsearched > 0 && working('Search', `Search is ${atLeast(unsearched)} ${inNumber(unsearched, 'run')} behind`),
    states && working('States', `Reading the states of nodes: ${share(states)}`, states),
  ].filter((one) => one !== false && one !== undefined)
  const state = { tone: 'good', icon: 'circle-check', word: 'Up to date' }
  const whole = { name: 'Index', bar: undefined, state }
  return going.length > 0 ? going : [whole]
}

const share = ({ done, total }: Progress) => `${formatNumber(done)} of about ${formatNumber(total)}`
const maxUnsearched = 100_000
const atLeast = (unsearched: number) => `${formatNumber(unsearched)}${unsearched >= maxUnsearched ? '+' : ''}`

function presentTables({ tables, runs, index }: ShownFacts) {
  const rows = tables.map((table) => ({
    name: table.name,
    label: contents[table.name],
    rows: ['workflow_runs', 'runs'].includes(table.name) && !index.reading ? formatNumber(runs.runs) : inWords(table),
  }))
  const order = Object.keys(contents)
  return {
    tables: rows
      .filter(({ label }) => label !== undefined)
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    otherTables: rows.filter(({ label }) => label === undefined),
  }
}

function inWords({ rows, certainty }: TableRows): string {
  const number = formatNumber(rows)
  return certainty === 'about' ? `about ${number}` : certainty === 'more' ? `${number}+` : number
}

export function systemAsJson({
  path,
  sizes,
  tables,
  runs,
  index,
  retention,
  backup,
  dashboards,
  versions,
}: ShownFacts) {
  const { rule, due, deleted } = retention
  return {
    file: {
      path: path ?? null,
      bytes: sizes.data,
      log_bytes: sizes.log ?? null,
      empty_bytes: sizes.reusable,
      disk_free_bytes: sizes.free ?? null,
    },
    runs: { total: runs.runs, oldest: isoTime(runs.oldest), newest: isoTime(runs.newest) },
    tables: tables.map(({ name, rows, certainty }) => ({ name, rows, certainty })),
    index: {
      runs: index.reading ?? null,
      states: index.states ?? null,
      unsearched_runs: index.unsearched,
    },
    retention: {
      keep_days: rule.keepDays,
      keep_runs: rule.keepRuns,
      keep_failed_days: rule.keepFailedDays,
      due: due ?? null,
      let_go: deleted.runs,
      first_let_go_at: isoTime(deleted.firstAt),
      last_let_go_at: isoTime(deleted.lastAt),
    },
    backup: backupAsJson(backup),
    dashboards: dashboardsAsJson(dashboards),
    versions: versionsAsJson(versions),
  }
}

function versionsAsJson({ program, node, engine, database }: SystemFacts['versions']) {
  return { program, node, ...(engine === 'SQLite' ? { sqlite: database } : { postgresql: database }) }
}
