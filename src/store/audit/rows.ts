import type { AuditEntry, RecordedAuditEntry } from '../ports/audit.ts'

const position = /^(\d{1,15})-(\d{1,15})$/

export const isPosition = (text: string): boolean => position.test(text)

/** Throws where it is no position. */
export function readPosition(text: string): { at: number; id: number } {
  const [, at, id] = position.exec(text)!
  return { at: Number(at), id: Number(id) }
}

type Columns = Omit<AuditEntry, 'details'> & { details: string | null }

export function rowOf({ details, ...entry }: AuditEntry): Columns {
  return { ...entry, details: details && JSON.stringify(details) }
}

export function recorded({ id, details, ...entry }: Columns & { id: number }): RecordedAuditEntry {
  return { ...entry, details: details === null ? null : JSON.parse(details), position: `${entry.at}-${id}` }
}
