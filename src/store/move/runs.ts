import type { RunRecord } from '../ports/runs.ts'
import * as inBase from '../postgres/runs/record.ts'
import * as inFile from '../sqlite/runs/record.ts'
import type { Changes } from './canonical.ts'
import type { Row } from './row.ts'

/** A run in the form that both stores share: as the dashboard reads it, with its place in lists. */
type MovedRun = RunRecord & { seq: number }

/** Numbers that no list could show are unknown in PostgreSQL. */
export function runFromFile({ seq, ...row }: Row, changes: Changes): Row {
  const run = inFile.recordOf(row as inFile.RunRow)
  const numbers = {
    durationSeconds: inBase.measured.duration(run.durationSeconds),
    totalTokens: inBase.measured.tokens(run.totalTokens),
    totalCostUsd: inBase.measured.cost(run.totalCostUsd),
  }
  for (const [name, value] of Object.entries(numbers))
    if (!Object.is(value, run[name as keyof typeof numbers])) changes.numbers++
  return { ...run, ...numbers, seq }
}

export const runFromBase = ({ run, texts }: inBase.RunRow): Row => ({
  ...inBase.recordOf({ run, texts }),
  seq: run.seq,
})

export const runToFile = ({ seq: _, ...run }: Row): Row => inFile.rowOfRecord(run as RunRecord)

export function runToBase(row: Row): { run: Row; texts: Row } {
  const { seq, ...record } = row as MovedRun
  const { run, texts } = inBase.rowOfRecord(record)
  return { run: { ...run, seq }, texts }
}
