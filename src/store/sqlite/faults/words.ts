import { commandLine } from '../../../shared/command-line.ts'
import type { FaultCause } from './storage-fault.ts'

const restore = (file: string): string => `run "${commandLine('restore', 'BACKUP', '--db', file)}"`

export const foreignLog = (file: string): string =>
  `${file}-wal holds changes that belong to another file than the ${file} that is there now, and would destroy it. Nothing was opened or changed. To use a backup, or this file without those changes, ${restore(file)}.`

export const gone = (file: string): FaultCause => ({
  kind: 'moved',
  reason: `${file} was moved or deleted while the dashboard was using it. Put it back, or stop the dashboard and ${restore(file)}.`,
})

export const replaced = (file: string): FaultCause => ({
  kind: 'replaced',
  reason: `${file} was replaced while the dashboard was using it. Nothing is written to the new file. Stop the dashboard and ${restore(file)}.`,
})

export const replacedCleanly = (file: string): FaultCause => ({
  kind: 'replaced',
  reason: `${file} was replaced while the dashboard was using it. Nothing was written to the new file. Restart the dashboard to use it.`,
})

export const overwritten = (file: string): FaultCause => ({
  kind: 'overwritten',
  reason: `${file} was overwritten while the dashboard was using it. Nothing more is written to it. Stop the dashboard and ${restore(file)}.`,
})

export const withoutLog = (log: string): FaultCause => ({
  kind: 'moved',
  reason: `${log} was moved or deleted while the dashboard was using it. Restart the dashboard.`,
})

export const incomplete = (file: string, part: string): FaultCause => ({
  kind: 'incomplete',
  reason: `The ${part} is missing from ${file}. To use a backup, stop the dashboard and ${restore(file)}.`,
})

export const damaged = (file: string): FaultCause => ({
  kind: 'damaged',
  reason: `${file} is damaged. To use a backup, stop the dashboard and ${restore(file)}.`,
})

export const full = (file: string): FaultCause => ({
  kind: 'full',
  reason: `The disk is full: there is no room for ${file}. Free some space; the dashboard then continues by itself.`,
})

export const readOnly = (file: string): FaultCause => ({
  kind: 'read-only',
  reason: `${file} cannot be written. Check its permissions, those of its folder, and whether the disk is read-only.`,
})

export const diskError = (file: string, code: string): FaultCause => ({
  kind: 'disk-error',
  reason: `The disk reported an error at ${file} (${code}). Check the disk and the system log.`,
})

export const longLog = (file: string, bytes: number): FaultCause => ({
  kind: 'long-log',
  reason: `${file}-wal has grown to ${Math.round(bytes / 1e6)} MB and cannot be shortened while another program keeps reading the database. Look for one that has been in the same query or transaction for long.`,
})
