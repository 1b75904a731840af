import { commandLine } from '../../../shared/command-line.ts'
import { faultAt } from '../../faults/cause.ts'
import type { FaultCause, FaultKind } from './storage-fault.ts'

type Place = { file: string; log: string; restore: string }

const placeOf = (file: string): Place => ({
  file,
  log: `${file}-wal`,
  restore: `run "${commandLine('restore', 'BACKUP', '--db', file)}"`,
})

const unnamed: Place = {
  file: 'the database',
  log: 'the log of the database',
  restore: 'run "configurable-agents restore BACKUP"',
}

const fault = (kind: FaultKind, file: string, say: (place: Place) => string): FaultCause =>
  faultAt(kind, { place: placeOf(file), unnamed }, say)

export function foreignLog(path: string, isFileThere = true): string {
  const { file, log, restore } = placeOf(path)
  if (!isFileThere) {
    return `${log} holds changes of ${file}, which is missing. Nothing was opened or changed. Put it back, or, to use a backup, ${restore}. To begin with a new file, move the log elsewhere first.`
  }
  return `${log} holds changes that belong to another file than the ${file} that is there now, and would destroy it. Nothing was opened or changed. To use a backup, or this file without those changes, ${restore}.`
}

export const gone = (path: string): FaultCause =>
  fault(
    'moved',
    path,
    ({ file, restore }) =>
      `${file} was moved or deleted while the dashboard was using it. Put it back, or stop the dashboard and ${restore}.`,
  )

export const replaced = (path: string): FaultCause =>
  fault(
    'replaced',
    path,
    ({ file, restore }) =>
      `${file} was replaced while the dashboard was using it. Nothing is written to the new file. Stop the dashboard and ${restore}.`,
  )

export const replacedCleanly = (path: string): FaultCause =>
  fault(
    'replaced',
    path,
    ({ file }) =>
      `${file} was replaced while the dashboard was using it. Nothing was written to the new file. Restart the dashboard to use it.`,
  )

export const overwritten = (path: string): FaultCause =>
  fault(
    'overwritten',
    path,
    ({ file, restore }) =>
      `${file} was overwritten while the dashboard was using it. Nothing more is written to it. Stop the dashboard and ${restore}.`,
  )

export const withoutLog = (path: string): FaultCause =>
  fault(
    'moved',
    path,
    ({ log }) => `${log} was moved or deleted while the dashboard was using it. Restart the dashboard.`,
  )

export const incomplete = (path: string, part: string): FaultCause =>
  fault(
    'incomplete',
    path,
    ({ file, restore }) => `The ${part} is missing from ${file}. To use a backup, stop the dashboard and ${restore}.`,
  )

export const damaged = (path: string): FaultCause =>
  fault(
    'damaged',
    path,
    ({ file, restore }) => `${file} is damaged. To use a backup, stop the dashboard and ${restore}.`,
  )

export const full = (path: string): FaultCause =>
  fault(
    'full',
    path,
    ({ file }) =>
      `The disk is full: there is no room for ${file}. Free some space; the dashboard then continues by itself.`,
  )

export const readOnly = (path: string): FaultCause =>
  fault(
    'read-only',
    path,
    ({ file }) =>
      `${file} cannot be written. Check its permissions, those of its folder, and whether the disk is read-only.`,
  )

export const diskError = (path: string, code: string): FaultCause =>
  fault(
    'disk-error',
    path,
    ({ file }) => `The disk reported an error at ${file} (${code}). Check the disk and the system log.`,
  )

export const longLog = (path: string, bytes: number): FaultCause =>
  fault(
    'long-log',
    path,
    ({ log }) =>
      `${log} has grown to ${Math.round(bytes / 1e6)} MB and cannot be shortened while another program keeps reading the database. Look for one that has been in the same query or transaction for long.`,
  )
