import type { SQL } from 'drizzle-orm'
import type { RunTest } from '../../../ports/run-selection.ts'
import { sql } from '../../sql/drizzle.ts'
import { maxWords } from '../selection/name-conditions.ts'
import type { Check, RunConditions } from '../selection/selection.ts'
import { idCheck, rangeCheck } from '../selection/tests.ts'
import { indexed, isUnindexed, long, type Piece, queued, searched } from './pieces.ts'

export type AccessPath = {
  pieces: Piece[]
  /** What is still to be checked of a row, and the words that it still has to have. */
  checks: SQL[]
  words: string | undefined
  /** What looking at a row costs, in microseconds or so. */
  rowCost: number
  /** Whether the pieces are in the order of `seq`; else all has to be sorted. */
  isOrdered: boolean
}

export type Value = 'duration' | 'tokens' | 'cost'
export type Known = { of: Value; isKnown: boolean }

type Settled = Check | 'value'
type Part = Pick<AccessPath, 'pieces'> & { settled: Settled[] } & Partial<AccessPath>

export const costs = {
  /** The next row of the table, or of an index that has all that is asked. */
  next: 0.2,
  /** A row that the index of words leads to. */
  found: 2,
  /** A row that any other index leads to. */
  looked: 2,
  /** To look one row up in the index of words. */
  searched: 15,
}

export const isDirect = ({ checks, words }: AccessPath): boolean => checks.length === 0 && words === undefined

export function accessPathsOf(found: RunConditions, value?: Known): AccessPath[] {
  const needed = new Map<Settled, SQL>(found.checks)
  if (value) needed.set('value', sql.raw(`r.${value.of} IS ${value.isKnown ? 'NOT NULL' : 'NULL'}`))
  const words = found.text?.match
  const isUnsure = words === undefined ? sql`0` : isUnindexed
  const parts = [
    ...byNames(found, isUnsure),
    ...byStarters(found, isUnsure),
    ...(value && !value.isKnown
      ? [
          {
            pieces: [pieceBy(`ix_run_index_${value.of}`, sql.raw(`r.${value.of} IS NULL`), isUnsure)],
            settled: ['value' as const],
          },
        ]
      : []),
    ...(words === undefined
      ? []
      : [{ pieces: [searched(words), queued, long], settled: [], words: undefined, rowCost: costs.found }]),
    // Short time ranges, and selections that no index covers.
    { pieces: [indexed('run_index r NOT INDEXED', sql`TRUE`, isUnsure)], settled: [], rowCost: costs.next },
    ...unordered(found, value, isUnsure),
  ]
  return parts.map(({ settled, ...part }: Part) => ({
    checks: [...needed].filter(([check]) => !settled.includes(check)).map(([, condition]) => condition),
    words,
    rowCost: costs.looked,
    isOrdered: true,
    ...part,
  }))
}

function byNames({ agents, statuses, workflows, isAgentUnsure }: RunConditions, isUnsure: SQL): Part[] {
  const agentsSettled: Check[] = isAgentUnsure ? [] : ['agents']
  const ofWorkflows: Part[] = workflows
    ? [
        {
          pieces: workflows.map((name) => pieceBy('ix_run_index_workflow', sql`r.workflow = ${name}`, isUnsure)),
          settled: ['workflows'],
        },
      ]
    : []
  if (agents && statuses && agents.length * statuses.length <= maxWords) {
    const pairs = agents.flatMap((agent) => statuses.map((status) => sql`r.agent = ${agent} AND r.status = ${status}`))
    const pieces = pairs.map((pair) => pieceBy('ix_run_index_agent_status', pair, isUnsure))
    return [{ pieces, settled: [...agentsSettled, 'statuses'] }, ...ofWorkflows]
  }
  const ofAgents = agents?.map((agent) => pieceBy('ix_run_index_agent', sql`r.agent = ${agent}`, isUnsure))
  const ofStatuses = statuses?.map((status) => pieceBy('ix_run_index_status', sql`r.status = ${status}`, isUnsure))
  return [
    ...(ofAgents ? [{ pieces: ofAgents, settled: agentsSettled }] : []),
    ...(ofStatuses ? [{ pieces: ofStatuses, settled: ['statuses' as const] }] : []),
    ...ofWorkflows,
  ]
}

/** Few runs have been started by one of these. */
function byStarters({ tests }: RunConditions, isUnsure: SQL): Part[] {
  return tests.flatMap((test, index): Part[] => {
    if (test.isNot || test.of !== 'by' || test.values.length > maxWords) return []
    const values = [...new Set(test.values)]
    const pieces = values.map((name) => pieceBy('ix_run_index_started_by', sql`r.started_by = ${name}`, isUnsure))
    return [{ pieces, settled: [`test ${index}`] }]
  })
}

function unordered({ longerThan, tests }: RunConditions, value: Known | undefined, isUnsure: SQL): Part[] {
  const settled: Settled[] = value?.of === 'duration' && value.isKnown ? ['longer', 'value'] : ['longer']
  const byDuration: Part[] =
    longerThan === undefined
      ? []
      : [{ pieces: [pieceBy('ix_run_index_duration', sql`r.duration > ${longerThan}`, isUnsure)], settled }]
  const byTests = tests.flatMap((test, index): Part[] => {
    const piece = pieceOf(test, isUnsure)
    return piece ? [{ pieces: [piece], settled: [`test ${index}`] }] : []
  })
  return [...byDuration, ...byTests].map((part) => ({ ...part, isOrdered: false }))
}

const pieceBy = (index: string, where: SQL, isUnsure: SQL): Piece =>
  indexed(`run_index r INDEXED BY ${index}`, where, isUnsure)

function pieceOf(test: RunTest, isUnsure: SQL): Piece | undefined {
  if (test.isNot) return undefined
  if (test.of === 'id') return pieceBy('ux_run_index_run', idCheck(test, sql`r.run_id`), isUnsure)
  if (test.of !== 'cost' && test.of !== 'tokens' && test.of !== 'duration') return undefined
  const { from, above } = test.range
  // All values but the largest are too many.
  if (from === undefined && above === undefined) return undefined
  return pieceBy(`ix_run_index_${test.of}`, rangeCheck(sql.raw(`r.${test.of}`), test.range), isUnsure)
}
