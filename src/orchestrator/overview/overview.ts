import { createMemo } from '../../shared/memo.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { hourMs } from '../../shared/time/durations.ts'
import type { Zone } from '../../shared/time/zone.ts'
import type { HistoryProgress } from '../../store/ports/history.ts'
import type { OverviewFacts } from '../../store/ports/overview.ts'
import type { RunBar } from '../../store/ports/run-figures.ts'
import type { FoundRun } from '../../store/ports/run-pages.ts'
import type { Store } from '../../store/ports.ts'
import { queryOf } from '../history/links.ts'
import { lastDayAt, startOfHour } from '../history/sums/last-day.ts'
import { weekAt } from '../history/sums/week.ts'
import type { Registry } from '../registry/registry.ts'
import { listedRun } from '../runs/listed-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { type RunWithUsual, type UsualRuns, withUsual } from '../runs/usual.ts'
import { type FleetCosts, fleetCosts, keepCosts } from './costs.ts'
import { type TopErrors, topErrors } from './errors.ts'
import { type Fleet, fleetOf, type WithHealth } from './fleet.ts'
import { hourBars } from './hours.ts'

const limits = { maxUnfinished: 5, maxLatest: 10, maxFailures: 1000, maxDurations: 5000, maxCounted: 1000 }

type Trouble = { agentId: string; since: number }

export type RunOverview = {
  lastDay: {
    hours: (RunBar & { query: string })[]
    runs: number
    p50: number | undefined
    p95: number | undefined
    query: string
  }
  newestAt: number | undefined
  running: { runs: number; newest: RunWithUsual[]; query: string }
  latest: ListedRun[]
  errors: TopErrors
  /** Runs that failed since an agent is in trouble, up to a thousand. */
  failedSince: Map<string, { runs: number; isMore: boolean; query: string }>
  costs: FleetCosts
  reading: HistoryProgress | undefined
}

export type Overview<List extends { agents: WithHealth[] }> = {
  list: List
  fleet: Fleet<List['agents'][number]>
  runs: RunOverview
}

type OverviewReader<List extends { agents: WithHealth[] }> = {
  overview(zone: Zone): Promise<Overview<List>>
  /** Moves whenever the runs may look different. */
  revision(zone: Zone): string
}

/** Reads only sums and a few narrow rows. */
export function createOverview<List extends { agents: WithHealth[] }>(deps: {
  store: Pick<Store, 'history' | 'revision'>
  registry: Registry
  agents: () => List
  usual: UsualRuns
  clock: Pick<Clock, 'now' | 'elapsed'>
}): OverviewReader<List> {
  const { store, registry, agents, usual, clock } = deps
  const { history } = store
  const memo = createMemo(store.revision)
  const costsByAgent = keepCosts(history, clock)
  const listed = (runs: FoundRun[]) => runs.map((run) => listedRun(run, registry))

  async function facts(now: number, troubles: Trouble[]): Promise<OverviewFacts> {
    const failedSince = troubles.map(({ agentId, since }) => ({ agent: agentId, since }))
    return history.overview({ now, lastDay: lastDayAt(now), failedSince, ...limits })
  }

  async function read(now: number, zone: Zone, troubles: Trouble[]): Promise<RunOverview> {
    const day = lastDayAt(now)
    const { hours, p50, p95, newestAt, unfinished, latest, failures, failedSince } = await facts(now, troubles)
    const bars = hourBars(day, hours)
    return {
      lastDay: {
        hours: bars.map((bar) => ({ ...bar, query: queryOf({ from: bar.from, to: bar.to }) })),
        runs: bars.reduce((sum, { runs }) => sum + runs, 0),
        p50,
        p95,
        query: queryOf(day),
      },
      newestAt,
      running: {
        runs: unfinished.runs,
        newest: await withUsual(listed(unfinished.newest), usual),
        query: queryOf({ statuses: ['running', 'pending'] }),
      },
      latest: listed(latest),
      errors: topErrors(failures, day, registry),
      failedSince: new Map(troubles.map((trouble, index) => [trouble.agentId, failedIn(trouble, failedSince[index]!)])),
      costs: await fleetCosts(history, costsByAgent, registry, weekAt(now, zone)),
      reading: await history.progress(),
    }
  }

  // Days begin at quarters of an hour.
  const rangesChangedAt = (zone: Zone) => Math.max(startOfHour(clock.now()), zone.startOfDay(clock.now()))

  return {
    async overview(zone) {
      const list = agents()
      const fleet = fleetOf<List['agents'][number]>(list.agents)
      const troubles = fleet.troubled.map(({ id, health }) => ({ agentId: id, since: health.since }))
      const key = `overview ${rangesChangedAt(zone)} ${zone.name} ${JSON.stringify(troubles)}`
      return { list, fleet, runs: await memo(key, () => read(clock.now(), zone, troubles)) }
    },
    revision: (zone) => `${store.revision()}.${rangesChangedAt(zone) / hourMs}`,
  }
}

function failedIn({ agentId, since }: Trouble, runs: number) {
  const query = queryOf({ agents: [agentId], statuses: ['failed'], from: since })
  return { runs, isMore: runs === limits.maxCounted, query }
}
