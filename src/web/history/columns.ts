import type { OwnColumn, RunColumn } from '../../orchestrator/history/columns.ts'
import type { RunSort } from '../../orchestrator/history/filter.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import type { PinnedValue } from '../../orchestrator/history/pinned-value.ts'
import { unknown } from '../format/numbers.ts'
import { presentSoFar } from '../format/progress.ts'
import { presentMeaning, presentRun, soFarSeconds } from '../format/run.ts'
import type { Times } from '../format/times.ts'
import { cutEnd, cutMiddle } from '../markup/cut.ts'
import type { RunPageContext } from './filters.ts'

const titles: Record<OwnColumn, string> = {
  status: 'Status',
  workflow: 'Workflow',
  agent: 'Agent ID',
  id: 'Run ID',
  by: 'Started by',
  started: 'Started',
  completed: 'Ended',
  duration: 'Duration',
  tokens: 'Tokens',
  cost: 'Cost',
  error: 'Error',
}
const usualColumns: OwnColumn[] = ['status', 'workflow', 'agent', 'id', 'started', 'duration', 'tokens', 'cost']
const order = Object.keys(titles) as OwnColumn[]
const numbers = ['duration', 'tokens', 'cost']
type Usual = { p50Seconds: number; p95Seconds: number } | undefined

const maxValueLength = 80
const maxTitleLength = 1000
const maxShortId = 18
/** Fifty rows come at once; the page of a run, and its peek, say all. */
const longest = { name: 50, text: 90, title: 120 }
const sorts: Partial<Record<OwnColumn, RunSort>> = {
  started: 'started',
  duration: 'duration',
  tokens: 'tokens',
  cost: 'cost',
}

export function areUsual(columns: RunColumn[]): boolean {
  const named = columns.map((column) => (column.kind === 'own' ? column.name : ''))
  return named.length === usualColumns.length && usualColumns.every((name) => named.includes(name))
}

/** In one order, whatever the address has: pinned ones last. They alone are added to the default ones. */
function shownColumns(columns: RunColumn[]): RunColumn[] {
  const chosen = columns.flatMap((column) => (column.kind === 'own' ? [column.name] : []))
  const names = chosen.length > 0 ? order.filter((name) => chosen.includes(name)) : usualColumns
  const own = names.map((name): RunColumn => ({ kind: 'own', name }))
  return [...own, ...columns.filter(({ kind }) => kind === 'pinned')]
}

export function presentColumns({ query, runs }: RunList, { queries, links, errors }: RunPageContext) {
  const shown = shownColumns(query.columns)
  const names = shown.map(queries.writeColumn)
  const pinned = shown.filter(({ kind }) => kind === 'pinned').map(queries.writeColumn)
  const pinnedErrors = errors.filter(({ field }) => field === 'columns')
  return {
    heads: shown.map((column, index) => presentHead(column, names[index]!, query.sort, runs, links)),
    /** The cell with the link of the row. */
    linkAt: Math.max(0, names.indexOf('workflow')),
    choices: [
      ...Object.entries(titles).map(([name, title]) => ({
        name,
        title,
        isCode: false,
        isChosen: names.includes(name),
      })),
      ...pinned.map((name) => ({ name, title: name, isCode: true, isChosen: true })),
    ],
    pin: { value: pinnedErrors[0]?.typed ?? '', error: pinnedErrors[0]?.message },
    isActive: query.columns.length > 0,
  }
}

function presentHead(
  column: RunColumn,
  name: string,
  sort: RunSort,
  runs: RunList['runs'],
  links: RunPageContext['links'],
) {
  if (column.kind === 'pinned') {
    const values = runs.flatMap(({ pinned }) => pinned.get(name) ?? [])
    return {
      kind: 'pinned',
      name,
      title: name,
      isNumber: values.length > 0 && values.every(isNumber),
      isPinnedNumber: values.length > 0 && values.every(isNumber),
    }
  }
  const by = sorts[column.name]
  const head = {
    kind: column.name as string,
    name,
    title: titles[column.name],
    isNumber: numbers.includes(column.name),
    isPinnedNumber: false,
  }
  if (!by) return head
  const isDescending = sort === by
  const isAscending = sort === `-${by}`
  return {
    ...head,
    sorted: isDescending ? 'descending' : isAscending ? 'ascending' : undefined,
    path: links.sorted(isDescending ? (`-${by}` as RunSort) : by),
  }
}

const isNumber = ({ text, isString }: PinnedValue) => !isString && /^(-?\d|null$)/.test(text)

/** `usual`: what a run of its workflow usually takes. */
export function presentListedRun(run: RunList['runs'][number], times: Times, usual?: Usual) {
  const soFar = soFarSeconds(run, times.now)
  const isRunning = run.status === 'running' && soFar !== null
  const shown = presentRun(run, times)
  const { isError, ...meaning } = presentMeaning(run)
  return {
    ...shown,
    running: isRunning ? presentSoFar(times.now - soFar * 1000, times.now, usual) : undefined,
    meaning: { ...withTitle(meaning), isError },
    agentTitle: run.agentId !== undefined && run.agentId.length > maxShortId ? run.agentId : '',
    workflow: cutMiddle(shown.workflow, longest.name),
    error: presentValue(run.error === null ? undefined : { text: run.error, isString: true }),
    by: run.startedBy ?? unknown,
    completed: times.moment(run.completedAt),
    pinned: Object.fromEntries([...run.pinned].map(([name, value]) => [name, presentValue(value)])),
  }
}

/** A title says more than the text; where that is cut off, run-rows.js gives it one. */
function withTitle({ text, whole }: { text: string; whole: string }) {
  const [shown, all] = [cutEnd(text, longest.text), cutEnd(whole, longest.title)]
  const isBeginning = shown !== text && all.startsWith(shown.slice(0, -1))
  return isBeginning ? { text: all, title: '' } : { text: shown, title: all === shown ? '' : all }
}

function presentValue(value: PinnedValue | undefined): { text: string; title: string } {
  if (!value || value.text === 'null') return { text: unknown, title: '' }
  const { text } = value
  if (text.length <= maxValueLength) return { text, title: '' }
  return { text: `${text.slice(0, maxValueLength - 1)}…`, title: text.slice(0, maxTitleLength) }
}
