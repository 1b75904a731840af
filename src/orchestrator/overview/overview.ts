import type { Clock } from '../../shared/clock.ts'
import { hourMs } from '../../shared/durations.ts'
import { createMemo } from '../../shared/memo.ts'
import type { Zone } from '../../shared/zone.ts'
import type { HistoryProgress } from '../../store/ports/history.ts'
import type { RunBar } from '../../store/ports/run-figures.ts'
import type { Store } from '../../store/ports.ts'
import { queryOf } from '../history/links.ts'
import type { Registry } from '../registry/registry.ts'
import { listedRun } from '../runs/listed-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { type DailyMean, type DayFigures, dailyMeanOf, figuresOf, hourBars, rangesAt, startOfHour } from './days.ts'
import { type FailureCauses, failureCauses } from './failure-causes.ts'
import { maxCompared, type SlowAgent, slowAgent } from './slow-agents.ts'

const limits = { maxAgents: 6, maxNewest: 5, maxFailures: 1000, maxCompared }

/** A `query` is what follows `/runs?` in the URL of just these runs. */
export type RunOverview = {
  /** The last 24, with the current one. */
  hours: (RunBar & { query: string })[]
  lastDay: { query: string }
  newestAt: number | undefined
  running: { runs: number; newest: ListedRun[]; query: string }
  today: DayFigures & { failed: number; query: string }
  dailyMean: DailyMean | undefined
  /** Of the last day or, if nothing failed in it, of the last week. */
  failures: FailureCauses
  slowest: SlowAgent[]
  latestFailures: ListedRun[]
  reading: HistoryProgress | undefined
}

export type OverviewReader = {
  /** With the days of a zone. */
  read(zone: Zone): Promise<RunOverview>
  revision(zone: Zone): string
}

/** Reads only sums and a few narrow rows. */
export function createRunOverview(deps: {
  store: Pick<Store, 'history' | 'revision'>
  registry: Registry
  clock: Pick<Clock, 'now'>
}): OverviewReader {
  const { store, registry, clock } = deps
  const { history } = store
  const memo = createMemo(store.revision)

  async function read(now: number, zone: Zone): Promise<RunOverview> {
    const { day, week, today, before } = rangesAt(now, zone)
    const facts = await history.overview({ now, lastDay: day, today, before, failedWithin: [day, week], ...limits })
    const { unfinished, failures, slowest, latestFailures, newestAt } = facts
    const time = failures.within === 0 ? 'day' : 'week'
    return {
      hours: hourBars(day, facts.hours).map((bar) => ({ ...bar, query: queryOf({ from: bar.from, to: bar.to }) })),
      lastDay: { query: queryOf(day) },
      newestAt,
      running: {
        runs: unfinished.runs,
        newest: unfinished.newest.map((run) => listedRun(run, registry)),
        query: queryOf({ statuses: ['running', 'pending'] }),
      },
      today: {
        ...figuresOf(facts.today),
        failed: facts.today.byStatus.get('failed') ?? 0,
        query: queryOf(today),
      },
      dailyMean: dailyMeanOf(facts, now, zone),
      failures: failureCauses(failures, time === 'day' ? day : week, time, registry),
      slowest: slowest.map((agent) => slowAgent(agent, day, registry)),
      latestFailures: latestFailures.map((run) => listedRun(run, registry)),
      reading: await history.progress(),
    }
  }

  // Days begin at quarters of an hour.
  const rangesChangedAt = (zone: Zone) => Math.max(startOfHour(clock.now()), zone.startOfDay(clock.now()))

  return {
    read: (zone) => memo(`overview ${rangesChangedAt(zone)} ${zone.name}`, () => read(clock.now(), zone)),
    revision: (zone) => `${store.revision()}.${rangesChangedAt(zone) / hourMs}`,
  }
}
