import fc from 'fast-check'
import { orderOf, type RunFilter } from '../../../src/orchestrator/history/filter.ts'
import { parseSearch } from '../../../src/orchestrator/history/search/parse.ts'
import { selectionIn } from '../../../src/orchestrator/history/selection.ts'
import type { HistoryStore } from '../../../src/store/ports/history.ts'
import type { RunPosition } from '../../../src/store/ports/run-pages.ts'
import { endurance } from '../../support/endurance.ts'
import { anyFilter, anyIndexed, anyRun, at } from '../../support/history/any-history.ts'
import type { PlainRun } from '../../support/runs/plain-runs.ts'

export const histories = endurance(60, 2000)
export const timeoutMs = 30_000 + histories * 100
export const newestFirst = orderOf('started')
export const usual: Omit<PlainRun, 'id'> = {
  agent: 'writer',
  agentId: 'writer',
  workflow: null,
  by: null,
  status: 'completed',
  startedAt: at,
  duration: null,
  cost: null,
  tokens: null,
  inputs: null,
  outputs: null,
  error: null,
}

const filterOf = (q: string): RunFilter => {
  const read = parseSearch(q)
  if (!('value' in read)) throw new Error(read.error)
  return { agents: [], statuses: [], search: read.value }
}
export const idsIn = (runs: { id: string }[]) => runs.map(({ id }) => id)

export async function found(history: HistoryStore, q: string): Promise<string[]> {
  const selection = await selectionIn(history, filterOf(q))
  const ids: string[] = []
  for (let after: RunPosition | undefined; ; ) {
    const page = await history.page(selection, { order: newestFirst, max: 100, ...(after && { after }) })
    ids.push(...idsIn(page.runs))
    after = page.searchedTo?.position
    if (!after) return ids.sort()
  }
}

export async function indexAll(history: HistoryStore): Promise<void> {
  while ((await history.unindexed(1)) > 0) await history.index()
  while (await history.tidyIndex());
}

export const anyHistory = {
  runs: fc.array(fc.tuple(anyRun, anyIndexed), { minLength: 1, maxLength: 14 }),
  filter: anyFilter,
  which: fc.nat(),
}

export const byAgent = (one: { agent: string }, other: { agent: string }) => (one.agent < other.agent ? -1 : 1)

export const sum = (values: (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0)

export function byStatus(runs: { status: string }[]): Map<string, number> {
  const statuses = [...new Set(runs.map(({ status }) => status))]
  return new Map(statuses.map((status) => [status, runs.filter((run) => run.status === status).length]))
}
