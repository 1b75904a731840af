import type { RecordedAuditEntry } from '../../orchestrator/audit/audit.ts'
import { plural } from '../../shared/plural.ts'
import { formatNumber } from '../format/numbers.ts'
import { shortRunId } from '../format/run.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { wordOf } from './words.ts'

type Subject = { text: string; title: string; path: string; isCode: boolean }

/** A row of the table. `rest` is what else is known of it, as short phrases. */
export function presentEntry(entry: RecordedAuditEntry, times: Times) {
  const { at, actorName, actorId, actorRole, action, address } = entry
  return {
    at: times.moment(at),
    by: { name: actorName, title: `${actorName} (${actorRole}, ${actorId})`, path: paths.audit({ by: actorName }) },
    word: wordOf(action),
    action,
    subject: subjectOf(entry),
    rest: restOf(entry),
    address: address ?? '',
  }
}

function subjectOf({ subjectKind, subjectId, subjectName }: RecordedAuditEntry): Subject | undefined {
  if (subjectKind === null || subjectId === null) return undefined
  const text = subjectName ?? subjectId
  const named = (path: string, title = `${text} (${subjectId})`) => ({ text, title, path, isCode: false })
  switch (subjectKind) {
    case 'run':
      return { text: shortRunId(subjectId), title: subjectId, path: paths.run(subjectId), isCode: true }
    case 'agent':
      return named(paths.agentPage(subjectId))
    case 'bulk action':
      return { text: 'Bulk action', title: subjectId, path: paths.bulkAction(subjectId), isCode: false }
    case 'user':
      return named(paths.audit({ user: subjectId }))
    case 'session':
      return {
        text: subjectName === null ? 'A session' : `Session of ${subjectName}`,
        title: subjectId,
        path: '',
        isCode: false,
      }
    default:
      return named('')
  }
}

const counted = (value: unknown, word: string) => (value === 0 ? '' : `${formatNumber(Number(value))} ${word}`)

const fieldNames: Record<string, string> = {
  '': 'nothing',
  agent_name: 'name',
  agent_url: 'URL',
  check_interval_seconds: 'check interval',
  check_timeout_seconds: 'check timeout',
  ca: 'certificate authority',
  fingerprint: 'certificate fingerprint',
  health_path: 'health path',
}
const nameOfField = (field: string) => fieldNames[field] ?? field

/** What each detail is called; others by their name. An empty phrase says nothing new. */
const phrases: Record<string, (value: unknown) => string> = {
  rerun_of: (id) => `of ${shortRunId(String(id))}`,
  action: String,
  state: (state) => (state === 'stopped' ? 'stopped' : ''),
  runs: (runs) => plural(Number(runs), 'run'),
  done: (runs) => counted(runs, 'done'),
  left_out: (runs) => counted(runs, 'skipped'),
  failed: (runs) => counted(runs, 'failed'),
  started_by: (name) => `started by ${name}`,
  reason: String,
  kind: (kind) => (kind === 'registration' ? 'for registration' : ''),
  role: (role) => `as ${role}`,
  sees: (sees) => (sees === 'all' ? 'all agents' : ''),
  agents: (agents) => `only ${agents}`,
  file: String,
  fields: (fields) => `${String(fields).split(', ').map(nameOfField).join(', ')} changed`,
  format: (format) => String(format).toUpperCase(),
  entries: (entries) => plural(Number(entries), 'entry', 'entries'),
}

function restOf({ subjectKind, agentId, details }: RecordedAuditEntry): string {
  const known = Object.entries(details ?? {}).map(([name, value]) => phrases[name]?.(value) ?? `${name} ${value}`)
  return [subjectKind === 'run' && agentId !== null ? `on ${agentId}` : '', ...known].filter(Boolean).join(' · ')
}
