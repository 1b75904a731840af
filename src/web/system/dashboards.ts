import type { SystemFacts } from '../../orchestrator/system/system.ts'
import { formatNumber } from '../format/numbers.ts'
import { isoTime, type Times } from '../format/times.ts'

type Dashboard = NonNullable<SystemFacts['dashboards']>[number]

const gone = { tone: 'bad', icon: 'circle-alert', word: 'Gone' }
const leading = { tone: 'good', icon: 'circle-check', word: 'Leads' }
const there = { tone: 'good', icon: 'circle-check', word: 'Running' }

/** Undefined where there can be only one. */
export function presentDashboards(dashboards: SystemFacts['dashboards'], times: Times) {
  return dashboards?.map((dashboard) => ({
    ...{ name: dashboard.name, version: dashboard.version },
    state: stateOf(dashboard),
    runs: formatNumber(dashboard.runs),
    since: times.moment(dashboard.since),
    seen: times.moment(dashboard.seenAt),
  }))
}

function stateOf({ goneAt, leads }: Dashboard) {
  if (goneAt !== null) return gone
  return leads.length > 0 ? leading : there
}

export const dashboardsAsJson = (dashboards: SystemFacts['dashboards']) =>
  dashboards?.map(({ name, version, isThis, since, seenAt, goneAt, leads, runs }) => ({
    ...{ name, version, is_this: isThis, since: isoTime(since), seen_at: isoTime(seenAt) },
    gone_at: goneAt === null ? null : isoTime(goneAt),
    leads: leads.length > 0,
    runs,
  })) ?? null
