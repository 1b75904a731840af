import { StoreOpenError } from '../../../shared/errors.ts'
import { causeOf, type FaultKind } from '../faults/storage-fault.ts'
import { diskError, readOnly } from '../faults/words.ts'
import { isBusy } from './errors.ts'

export function openError(error: unknown, file: string): unknown {
  if (error instanceof StoreOpenError) return error
  if (isBusy(error)) return new StoreOpenError(`${file} is locked by another program. Try again when it has finished.`)
  const { code, message, name } = error as Error & { code?: unknown }
  const kind = causeOf(error, file)?.kind ?? fileFaults[String(code)]
  if (code === 'SQLITE_NOTADB')
    return new StoreOpenError(`${file} is not an SQLite database. It was not changed; use another --db file.`)
  if (kind === 'damaged') return new StoreOpenError(`${file} is damaged and cannot be read. It was not changed.`)
  if (kind === 'full')
    return new StoreOpenError(`The disk is full: there is no room for ${file}. Free some space first.`)
  if (kind === 'disk-error') return new StoreOpenError(diskError(file, String(code)).reasonForAdmins)
  if (kind === 'read-only') return new StoreOpenError(readOnly(file).reasonForAdmins)
  if (kind === 'incomplete' || name === 'SqliteError')
    return new StoreOpenError(`${file} cannot be used by this dashboard: ${message}. It was not changed.`)
  return error
}

const fileFaults: Record<string, FaultKind> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EIO: 'disk-error',
}
