import type { Comparison, Step } from '../../orchestrator/compare/json.ts'
import type { ComparableRun, ComparedRuns } from '../../orchestrator/compare/runs.ts'
import type { Run } from '../../orchestrator/runs/runs.ts'
import type { AppError } from '../../shared/errors.ts'
import { withoutNaN } from '../../shared/json.ts'
import { escapePointer } from '../format/json-tree.ts'
import { formatCost, formatNumber, isKnown, unknown } from '../format/numbers.ts'
import { presentRun, presentStatus, runAsJson, shortRunId } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentDifferences } from './differences.ts'

export function presentComparison({ a, b, inputs, outputs }: ComparedRuns, times: Times) {
  return {
    sides: [presentSide('A', a, times), presentSide('B', b, times)],
    swapPath: paths.compare({ a: b.id, b: a.id }),
    otherPath: paths.compare({ b: b.id }),
    facts: presentFacts(a, b, times),
    payloads: [presentDifferences('outputs', outputs, a, b), presentDifferences('inputs', inputs, a, b)],
  }
}

function presentSide(letter: string, run: Run, times: Times) {
  const { id, shortId, path, status, started } = presentRun(run, times)
  return { letter, id, shortId, path, status, started, title: titleOf(run) }
}

function titleOf({ workflow, agentId }: Run): string {
  return agentId === undefined ? workflow : `${workflow} on ${agentId}`
}

type Fact = { name: string; a: string; b: string; isChanged: boolean; isSame: boolean; mark: string; note: string }

function presentFacts(a: Run, b: Run, times: Times): Fact[] {
  const fact = (name: string, show: (run: Run) => string, note = ''): Fact => ({
    name,
    a: show(a),
    b: show(b),
    isChanged: show(a) !== show(b),
    isSame: show(a) === show(b),
    mark: '',
    note,
  })
  const named = (name: string, show: (run: Run) => string) => {
    const found = fact(name, show)
    return found.isChanged ? { ...found, mark: 'Changed' } : found
  }
  const moment = (at: number | null) => (isKnown(at) ? times.second(at) : unknown)
  const facts = [
    named('Status', (run) => presentStatus(run.status).word),
    named('Workflow', (run) => run.workflow),
    named('Agent ID', (run) => run.agentId ?? (run.isReported ? 'none' : 'Local run (Python)')),
    { ...fact('Started', (run) => moment(run.startedAt), laterBy(a.startedAt, b.startedAt)), isChanged: false },
    { ...fact('Ended', (run) => moment(run.completedAt)), isChanged: false },
    fact('Duration', (run) => formatDuration(run.durationSeconds), longerBy(a.durationSeconds, b.durationSeconds)),
    fact('Tokens', (run) => formatNumber(run.totalTokens), moreBy(a.totalTokens, b.totalTokens, formatNumber)),
    fact('Cost', (run) => formatCost(run.totalCostUsd), moreBy(a.totalCostUsd, b.totalCostUsd, formatCost)),
  ]
  return a.error === null && b.error === null ? facts : [...facts, named('Error', (run) => run.error ?? unknown)]
}

function laterBy(a: number, b: number): string {
  if (!Number.isFinite(b - a) || a === b) return ''
  return `B started ${formatDuration(Math.abs(b - a) / 1000)} ${b > a ? 'later' : 'earlier'}`
}

function longerBy(a: number | null, b: number | null): string {
  if (typeof a !== 'number' || typeof b !== 'number' || formatDuration(a) === formatDuration(b)) return ''
  return `B took ${formatDuration(Math.abs(b - a))} ${b > a ? 'longer' : 'less'}${percentOf(a, b)}`
}

function moreBy(a: number | null, b: number | null, format: (value: number) => string): string {
  if (typeof a !== 'number' || typeof b !== 'number' || format(a) === format(b)) return ''
  return `${format(Math.abs(b - a))} ${b > a ? 'more' : 'less'}${percentOf(a, b)}`
}

function percentOf(a: number, b: number): string {
  return a > 0 ? ` (${b > a ? '+' : '−'}${Math.round((Math.abs(b - a) / a) * 100)}%)` : ''
}

/** `chosen` is the run to compare another with. */
export function presentChoice(
  typed: { a: string; b: string },
  chosen: ComparableRun | undefined,
  error: AppError | undefined,
  times: Times,
) {
  const errorAt = (name: string) => error?.fields.find(({ field }) => field === name)?.message ?? ''
  return {
    fields: [
      { name: 'a', label: 'Run A', value: typed.a, error: errorAt('a') },
      { name: 'b', label: 'Run B', value: typed.b, error: errorAt('b') },
    ],
    run: chosen && { ...presentSide('', chosen.run, times) },
    suggestions: chosen ? suggestionsFor(chosen, times) : [],
  }
}

function suggestionsFor({ run, repeats, reruns, before }: ComparableRun, times: Times) {
  const suggestion = (what: string, isBefore: boolean) => (row: ComparableRun['before'][number]) => ({
    what,
    id: row.id,
    shortId: shortRunId(row.id),
    path: isBefore ? paths.compare({ a: row.id, b: run.id }) : paths.compare({ a: run.id, b: row.id }),
    status: presentStatus(row.status),
    started: times.moment(row.startedAt),
    duration: formatDuration(row.durationSeconds),
  })
  return [
    ...repeats.map(suggestion('The run it repeats', true)),
    ...reruns.map(suggestion('Its rerun', false)),
    ...before.map((row, index) => suggestion(index === 0 ? 'Previous run' : 'Earlier run', true)(row)),
  ]
}

export function comparisonAsJson({ a, b, inputs, outputs }: ComparedRuns): string {
  const minus = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from)
  const rest = {
    a: runAsJson(a),
    b: runAsJson(b),
    duration_seconds_difference: minus(a.durationSeconds, b.durationSeconds),
    total_tokens_difference: minus(a.totalTokens, b.totalTokens),
    total_cost_usd_difference: minus(a.totalCostUsd, b.totalCostUsd),
  }
  const payloads = `"inputs":${payloadAsJson(inputs)},"outputs":${payloadAsJson(outputs)}`
  return `${JSON.stringify(rest).slice(0, -1)},${payloads}}`
}

function payloadAsJson({ by, isSame, isCut, tooLarge, differences }: Comparison): string {
  const found = differences
    .filter(({ kind }) => kind !== 'same')
    .map(({ kind, path, a, b }) => {
      const value = (text: string) => (by === 'values' ? withoutNaN(text) : JSON.stringify(text))
      const sides = `${a === undefined ? '' : `,"a":${value(a)}`}${b === undefined ? '' : `,"b":${value(b)}`}`
      return `{"kind":"${kind}","path":${JSON.stringify(pointerTo(path))}${sides}}`
    })
  const head = { is_same: isSame, compared_by: by, is_cut: isCut || tooLarge !== undefined }
  return `${JSON.stringify(head).slice(0, -1)},"differences":[${found.join()}]}`
}

function pointerTo(path: Step[]): string {
  return path.map((step) => `/${escapePointer(String(step))}`).join('')
}
