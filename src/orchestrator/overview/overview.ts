import type { Clock } from '../../shared/clock.ts'
import { dayMs, hourMs } from '../../shared/durations.ts'
import { createMemo } from '../../shared/memo.ts'
import type {
  FoundRun,
  HistoryProgress,
  OverviewFacts,
  RangeSums,
  RunBar,
  TimeRange,
} from '../../store/ports/history.ts'
import type { Store } from '../../store/ports.ts'
import type { RunFilter } from '../history/filter.ts'
import { runQueryParams } from '../history/query.ts'
import { anyValue, type SearchTerm, writeSearch } from '../history/search/terms.ts'
import type { Registry } from '../registry/registry.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { groupFailures } from './failure-groups.ts'

const hoursShown = 24
const daysCompared = 7
const maxCauses = 8
/** Among so many of its newest runs, the one of an agent that took longest is looked for. */
const maxCompared = 1000
/** Failures are grouped by reading each; what is beyond is counted, but not looked at. */
const limits = { maxAgents: 6, maxNewest: 5, maxFailures: 1000, maxCompared }

/** What runs come to; null where no run gave that. */
export type DayFigures = { runs: number; tokens: number | null; cost: number | null }
/** The agent that a name in the history stands for; undefined for a workflow that the Python program ran itself. */
type Whose = { name: string; agentId: string | undefined }

/** A `query` is what stands behind `/runs?` in the address of the list of just these runs. */
export type RunOverview = {
  /** Whole hours one after the other, the last of which goes on: "the last day", here and below. */
  hours: (RunBar & { query: string })[]
  lastDay: { query: string }
  /** When the newest of all runs started; undefined when there is none. */
  newestAt: number | undefined
  goingOn: { runs: number; newest: ListedRun[]; query: string }
  /** Since midnight UTC. */
  today: DayFigures & { failed: number; query: string }
  /** The mean of the last days before today, as many as there have been since the first run; undefined when none. */
  usual: (DayFigures & { days: number }) | undefined
  failures: FailureCauses
  slowest: SlowAgent[]
  latestFailures: (ListedRun & { error: string | null })[]
  /** How far rows are read that were there before the dashboard was; undefined when all are. */
  reading: HistoryProgress | undefined
}
/** Of the last day or, if nothing failed in it, of the last week. Of more than 1,000 failures, the newest were `grouped`. */
export type FailureCauses = {
  time: 'day' | 'week'
  runs: number
  grouped: number
  causes: (Whose & { cause: string; runs: number; newest: ListedRun; query: string })[]
  /** How many causes there are beside these. */
  more: number
  query: string
}
/**
 * Of the last day: how many runs of a known duration, their mean in seconds, and the one that took longest; where it has
 * too many, `among` its newest.
 */
export type SlowAgent = Whose & {
  runs: number
  meanSeconds: number
  worst: { id: string; seconds: number; among: number | undefined } | undefined
  query: string
}

type Failures = OverviewFacts['failures']

/** What happened lately, for the first page: only from what is added up, and from a few narrow rows. */
export function createRunOverview(deps: {
  store: Pick<Store, 'history' | 'revision'>
  registry: Registry
  clock: Pick<Clock, 'now'>
}) {
  const { store, registry, clock } = deps
  const { history } = store
  const memo = createMemo(store.revision)

  function shown(found: FoundRun): ListedRun & { error: string | null } {
    const { agent: _, rerunOf: __, ...run } = found
    return { ...run, agentId: agentOfRun(found, registry) }
  }

  function failuresOf(failures: Failures, { from, to }: TimeRange, time: FailureCauses['time']): FailureCauses {
    const { runs, since } = grouped(failures, from)
    const groups = groupFailures(runs)
    const failed = { statuses: ['failed'], from, to }
    return {
      time,
      runs: failures.all,
      grouped: runs.length,
      causes: groups.slice(0, maxCauses).map(({ agent, cause, pattern, runs, newest }) => ({
        name: agent,
        agentId: agentOfRun(newest, registry),
        cause,
        runs,
        newest: shown(newest),
        query: queryOf({ ...failed, from: since, agents: [agent] }, [{ kind: 'cause', value: pattern, isNot: false }]),
      })),
      more: Math.max(0, groups.length - maxCauses),
      query: queryOf(failed),
    }
  }

  function slowAgent(
    { agent, runs, meanSeconds, longest }: OverviewFacts['slowest'][number],
    day: TimeRange,
  ): SlowAgent {
    return {
      name: agent,
      agentId: agentOfRun({ agent, agentId: longest?.agentId ?? null }, registry),
      runs,
      meanSeconds,
      worst: longest && {
        id: longest.id,
        seconds: longest.durationSeconds,
        among: runs > maxCompared ? maxCompared : undefined,
      },
      query: queryOf({ agents: [agent], ...day }, timed, 'duration'),
    }
  }

  async function read(now: number): Promise<RunOverview> {
    const end = floor(now, hourMs) + hourMs
    const midnight = floor(now, dayMs)
    const day = { from: end - hoursShown * hourMs, to: end }
    const week = { from: end - 7 * dayMs, to: end }
    const today = { from: midnight, to: midnight + dayMs }
    const before = { from: midnight - daysCompared * dayMs, to: midnight }
    const facts = await history.overview({ now, lastDay: day, today, before, failedWithin: [day, week], ...limits })
    const { unfinished, failures, slowest, latestFailures, newestAt } = facts
    const time = failures.within === 0 ? 'day' : 'week'
    return {
      hours: hourBars(day, facts.hours).map((bar) => ({ ...bar, query: queryOf({ from: bar.from, to: bar.to }) })),
      lastDay: { query: queryOf(day) },
      newestAt,
      goingOn: {
        runs: unfinished.runs,
        newest: unfinished.newest.map(shown),
        query: queryOf({ statuses: ['running', 'pending'] }),
      },
      today: {
        ...figuresOf(facts.today),
        failed: facts.today.byStatus.get('failed') ?? 0,
        query: queryOf(today),
      },
      usual: usualDay(facts, midnight, now),
      failures: failuresOf(failures, time === 'day' ? day : week, time),
      slowest: slowest.map((agent) => slowAgent(agent, day)),
      latestFailures: latestFailures.map(shown),
      reading: await history.progress(),
    }
  }

  const hour = () => floor(clock.now(), hourMs)

  return {
    read: (): Promise<RunOverview> => memo(`overview ${hour()}`, () => read(clock.now())),

    /** Moves whenever what `read` gives may be another. */
    revision: (): string => `${store.revision()}.${hour() / hourMs}`,
  }
}

/** Where there are too many, those since a moment, so that a link can lead to just these. */
function grouped({ newest, isMore }: Failures, from: number): { runs: FoundRun[]; since: number } {
  if (!isMore) return { runs: newest, since: from }
  const oldest = newest.at(-1)!.startedAt
  const since = newest.filter(({ startedAt }) => startedAt > oldest)
  return since.length > 0 ? { runs: since, since: oldest + 1 } : { runs: newest, since: oldest }
}

/** All hours of a range, also those in which no run started. */
function hourBars({ from, to }: TimeRange, hours: OverviewFacts['hours']): RunBar[] {
  return Array.from({ length: (to - from) / hourMs }, (_, index) => {
    const start = from + index * hourMs
    const byStatus = hours.find(({ at }) => at === start)?.byStatus ?? new Map<string, number>()
    return { from: start, to: start + hourMs, runs: sum(byStatus), byStatus }
  })
}

/** The mean of the days before today since the first run. */
function usualDay({ before, firstHour }: OverviewFacts, midnight: number, now: number): RunOverview['usual'] {
  const days = Math.min(daysCompared, (midnight - floor(firstHour ?? now, dayMs)) / dayMs)
  return days > 0 ? { ...mean(figuresOf(before), days), days } : undefined
}

function figuresOf({ byStatus, tokens, cost }: RangeSums): DayFigures {
  return { runs: sum(byStatus), tokens, cost }
}

const sum = (byStatus: Map<string, number>): number => [...byStatus.values()].reduce((all, runs) => all + runs, 0)

const floor = (at: number, step: number) => Math.floor(at / step) * step

function mean({ runs, tokens, cost }: DayFigures, days: number): DayFigures {
  return { runs: runs / days, tokens: tokens === null ? null : tokens / days, cost: cost === null ? null : cost / days }
}

/** Of those alone a mean is taken. */
const timed: SearchTerm[] = [{ kind: 'duration', compare: ':', value: anyValue, isNot: false }]

function queryOf(
  filter: Partial<RunFilter>,
  search: SearchTerm[] = [],
  sort: 'started' | 'duration' = 'started',
): string {
  const whole = { agents: [], statuses: [], ...filter, search }
  return runQueryParams({ filter: whole, text: writeSearch(search), sort, columns: [] }).toString()
}
