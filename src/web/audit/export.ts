import type { RecordedAuditEntry } from '../../orchestrator/audit/audit.ts'
import { asCsv } from '../format/csv.ts'
import { textCell, timeCell } from '../format/spreadsheet-cell.ts'
import { isoTime } from '../format/times.ts'

export function entryAsJson(entry: RecordedAuditEntry) {
  const { at, actorId, actorName, actorRole, action, subjectKind, subjectId, subjectName, agentId } = entry
  return {
    at: isoTime(at),
    by: { id: actorId, name: actorName, role: actorRole },
    action,
    subject: subjectKind === null ? null : { kind: subjectKind, id: subjectId ?? '', name: subjectName },
    agent_id: agentId,
    details: entry.details,
    address: entry.address,
  }
}

type Entries = AsyncIterable<RecordedAuditEntry[]>

export async function* asNdjson(entries: Entries): AsyncGenerator<string> {
  for await (const some of entries) yield some.map((entry) => `${JSON.stringify(entryAsJson(entry))}\n`).join('')
}

const columns = [
  ...['at_utc', 'by', 'by_id', 'by_role', 'action', 'subject_kind', 'subject_id', 'subject_name', 'agent_id'],
  ...['details', 'address'],
]

/** With a byte order mark: Excel would take UTF-8 for the local code page. */
export async function* asSpreadsheet(entries: Entries): AsyncGenerator<string> {
  yield `\ufeff${asCsv([columns])}`
  for await (const some of entries) if (some.length > 0) yield asCsv(some.map(cellsOf))
}

function cellsOf({ at, actorName, actorId, actorRole, action, details, ...entry }: RecordedAuditEntry) {
  const texts = [
    ...[actorName, actorId, actorRole, action, entry.subjectKind, entry.subjectId, entry.subjectName, entry.agentId],
    ...[details && JSON.stringify(details), entry.address],
  ]
  return [timeCell(at), ...texts.map((text) => textCell(text ?? ''))]
}
