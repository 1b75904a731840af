import type { BackupState } from '../../orchestrator/system/backups.ts'
import { formatBytes } from '../format/numbers.ts'
import { formatAge, isoTime, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

export function presentBackup(backup: BackupState, times: Times) {
  const usual = { isRunning: false, progress: undefined, ready: undefined, failure: undefined, elsewhere: undefined }
  switch (backup.status) {
    case 'none':
      return usual
    case 'running':
      return { ...usual, isRunning: true, progress: presentCopying(backup) }
    case 'failed':
      return { ...usual, failure: backup.reason }
    case 'elsewhere':
      return { ...usual, elsewhere: backup.reason }
    case 'ready':
      return {
        ...usual,
        ready: {
          path: paths.backup(backup.name),
          name: backup.name,
          size: formatBytes(backup.bytes),
          made: times.moment(backup.endedAt),
          left: formatAge(backup.goesAt - times.now),
        },
      }
  }
}

function presentCopying({ isChecking, written, expected }: BackupState & { status: 'running' }) {
  if (isChecking) return { written: expected, expected, text: `${formatBytes(written)} are written, and being checked` }
  const text = written === 0 ? 'Starting…' : `${formatBytes(written)} written, of up to ${formatBytes(expected)}`
  return { written: Math.min(written, expected), expected, text }
}

export function backupAsJson(backup: BackupState) {
  const at = 'startedAt' in backup ? { started_at: isoTime(backup.startedAt) } : {}
  switch (backup.status) {
    case 'none':
      return { status: backup.status }
    case 'elsewhere':
      return { status: backup.status, reason: backup.reason }
    case 'running':
      return {
        status: backup.status,
        ...at,
        is_checking: backup.isChecking,
        written_bytes: backup.written,
        expected_bytes: backup.expected,
      }
    case 'failed':
      return { status: backup.status, ...at, ended_at: isoTime(backup.endedAt), reason: backup.reason }
    case 'ready':
      return {
        status: backup.status,
        ...at,
        ended_at: isoTime(backup.endedAt),
        bytes: backup.bytes,
        is_checked: true,
        download_url: paths.backup(backup.name),
        available_until: isoTime(backup.goesAt),
      }
  }
}
