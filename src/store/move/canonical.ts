import type { Row } from './row.ts'

export type Changes = { texts: number; numbers: number }

/** A row as every store can hold it: texts without NUL and lone surrogates, and null for a number or a moment that is
 * none. Counts what differs. */
export function canonical(row: Row, changes: Changes): Row {
  return Object.fromEntries(
    Object.keys(row)
      .sort()
      .map((name) => [name, keptOf(row[name], changes)]),
  )
}

function keptOf(value: unknown, changes: Changes): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value !== 'string') return value ?? null
  const kept = value.includes('\u0000') ? value.replaceAll('\u0000', '\ufffd') : value
  if (kept !== value) changes.texts++
  return kept.toWellFormed()
}
