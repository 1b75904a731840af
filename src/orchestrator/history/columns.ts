import { readFieldName } from './search/parse.ts'
import { type Side, writeFieldName } from './search/terms.ts'

export const ownColumns = [
  'status',
  'id',
  'agent',
  'workflow',
  'by',
  'started',
  'completed',
  'duration',
  'tokens',
  'cost',
  'error',
] as const
export type OwnColumn = (typeof ownColumns)[number]

export type RunColumn = { kind: 'own'; name: OwnColumn } | { kind: 'pinned'; side: Side; path: string[] }

/** `cost`, `out.score`, `in."my field"`; undefined when it names no column. */
export function readColumn(text: string): RunColumn | undefined {
  const name = ownColumns.find((own) => own === text)
  if (name) return { kind: 'own', name }
  const field = readFieldName(text)
  return field && field.path.length > 0 ? { kind: 'pinned', ...field } : undefined
}

export function writeColumn(column: RunColumn): string {
  return column.kind === 'own' ? column.name : writeFieldName(column.side, column.path)
}
