import type { Clock } from '../../shared/clock.ts'
import { createMemo } from '../../shared/memo.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { barsOf, type RunBar } from '../../store/sqlite/history/bars.ts'
import { createRunIndex, type HistoryProgress } from '../../store/sqlite/history/filling.ts'
import type { ListedRunRow } from '../../store/sqlite/history/list.ts'
import { createRunOverviewTable } from '../../store/sqlite/history/overview.ts'
import { msOf, type Span } from '../../store/sqlite/history/ranges.ts'
import { added, dayMs, hourMs, type SumsAt, total } from '../../store/sqlite/history/sums.ts'
import type { RunFilter } from '../history/filter.ts'
import { runQueryParams } from '../history/query.ts'
import { anyValue, type SearchTerm, writeSearch } from '../history/search/terms.ts'
import type { Registry } from '../registry/registry.ts'
import type { ListedRun } from '../runs/runs.ts'
import { groupFailures } from './failure-groups.ts'

const hoursShown = 24
const daysCompared = 7
const mostAgents = 6
const mostCauses = 8
const mostNewest = 5
/** Failures are grouped by reading each; what is beyond is counted, but not looked at. */
const mostGrouped = 1000
/** Among so many of its newest runs, the one of an agent that took longest is looked for. */
const mostCompared = 1000

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

/** What has gone on of late, for the first page: only from what is added up, and from a few narrow rows. */
export function createRunOverview({ store, registry, clock }: { store: Store; registry: Registry; clock: Clock }) {
  const table = createRunOverviewTable(store)
  const { progress } = createRunIndex(store, clock.elapsed)
  const memo = createMemo(store.revision)

  const agentIdOf = (name: string, agentId: string | null) => agentId ?? (registry.has(name) ? name : undefined)

  function fromRow(row: ListedRunRow): ListedRun & { error: string | null } {
    const { seq: _, agent, rerunOf: __, ...run } = row
    return { ...run, agentId: agentIdOf(agent, row.agentId) }
  }

  function failuresOf(day: Span, failedInDay: number): FailureCauses {
    const time = failedInDay > 0 ? 'day' : 'week'
    const span = time === 'day' ? day : { low: day.high - 7 * dayMs, high: day.high }
    const { rows, since } = newestFailures(span)
    const groups = groupFailures(rows)
    const failed = { statuses: ['failed'], from: span.low, to: span.high }
    return {
      time,
      runs: table.countFailures(span),
      grouped: rows.length,
      causes: groups.slice(0, mostCauses).map(({ agent, cause, pattern, runs, newest }) => ({
        name: agent,
        agentId: agentIdOf(agent, newest.agentId),
        cause,
        runs,
        newest: fromRow(newest),
        query: queryOf({ ...failed, from: since, agents: [agent] }, [{ kind: 'cause', value: pattern, isNot: false }]),
      })),
      more: Math.max(0, groups.length - mostCauses),
      query: queryOf(failed),
    }
  }

  /** Where there are too many, those since a moment, so that a link can lead to just these. */
  function newestFailures(span: Span): { rows: ListedRunRow[]; since: number } {
    const { rows, isMore } = table.failures(mostGrouped, span)
    if (!isMore) return { rows, since: span.low }
    const oldest = msOf(rows.at(-1)!.seq)
    const since = rows.filter(({ seq }) => msOf(seq) > oldest)
    return since.length > 0 ? { rows: since, since: oldest + 1 } : { rows, since: oldest }
  }

  function slowest(day: Span): SlowAgent[] {
    return table.slowest(day, mostAgents).map(({ agent, runs, mean }) => {
      const longest = table.longest(agent, day, mostCompared)
      return {
        name: agent,
        agentId: agentIdOf(agent, longest?.agentId ?? null),
        runs,
        meanSeconds: mean,
        worst: longest && {
          id: longest.id,
          seconds: longest.durationSeconds,
          among: runs > mostCompared ? mostCompared : undefined,
        },
        query: queryOf({ agents: [agent], from: day.low, to: day.high }, timed, 'duration'),
      }
    })
  }

  function figuresOf(span: Span, days: SumsAt[]): DayFigures {
    const { byStatus, tokens, cost } = added(days.filter(({ at }) => at >= span.low && at < span.high))
    // The sums take what is unknown for nothing, and what was added and taken off again leaves a trace.
    const isNothing = Math.abs(cost) < 1e-9
    return {
      runs: total({ byStatus }),
      tokens: tokens === 0 ? null : tokens,
      cost: isNothing ? (table.hasFreeRun(span) ? 0 : null) : cost,
    }
  }

  function days(now: number) {
    const midnight = floor(now, dayMs)
    const today = { low: midnight, high: midnight + dayMs }
    const first = table.firstHour() ?? now
    const before = { low: Math.max(midnight - daysCompared * dayMs, floor(first, dayMs)), high: midnight }
    const sums = table.sums({ low: midnight - daysCompared * dayMs, high: today.high }, 'day')
    const failed = sums.find(({ at }) => at === midnight)?.byStatus.get('failed') ?? 0
    const past = Math.max(0, (before.high - before.low) / dayMs)
    return {
      today: { ...figuresOf(today, sums), failed, query: queryOf({ from: today.low, to: today.high }) },
      usual: past === 0 ? undefined : { ...mean(figuresOf(before, sums), past), days: past },
    }
  }

  function read(now: number): RunOverview {
    const high = floor(now, hourMs) + hourMs
    const day = { low: high - hoursShown * hourMs, high }
    const bars = barsOf({ from: day.low, step: hourMs, bars: hoursShown }, day, table.sums(day, 'hour'))
    const failed = bars.reduce((sum, { byStatus }) => sum + (byStatus.get('failed') ?? 0), 0)
    const goingOn = table.goingOn(mostNewest)
    return {
      hours: bars.map((bar) => ({ ...bar, query: queryOf({ from: bar.from, to: bar.to }) })),
      lastDay: { query: queryOf({ from: day.low, to: day.high }) },
      newestAt: table.newest(now)?.startedAt,
      goingOn: {
        ...goingOn,
        newest: goingOn.newest.map(fromRow),
        query: queryOf({ statuses: ['running', 'pending'] }),
      },
      ...days(now),
      failures: failuresOf(day, failed),
      slowest: slowest(day),
      latestFailures: table.failures(mostNewest).rows.map(fromRow),
      reading: progress(),
    }
  }

  const hour = () => floor(clock.now(), hourMs)

  return {
    read: (): RunOverview => memo(`overview ${hour()}`, () => read(clock.now())),

    /** Moves whenever what `read` gives may be another. */
    revision: (): string => `${store.revision()}.${hour() / hourMs}`,
  }
}

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
