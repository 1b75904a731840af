import { StorageFaultError } from '../../../shared/errors.ts'
import { causeOf, type FaultCause } from './storage-fault.ts'

/** The errors to show for those of SQLite: StorageFaultError where the file is at fault, else the same. */
export function createShownErrors(deps: {
  file: string
  begin: (cause: FaultCause, bytes?: number) => void
  met: (cause: FaultCause) => void
  tryToWrite: () => Promise<unknown>
}) {
  const { file, begin, met, tryToWrite } = deps
  return {
    /** Of a commit of that size. */
    failed(error: unknown, bytes = 0): unknown {
      const cause = causeOf(error, file)
      if (!cause) return error
      begin(cause, bytes)
      return new StorageFaultError(cause, 'write')
    },

    /** Of a read. Whether anything can be written is then tried. */
    met(error: unknown): unknown {
      const cause = causeOf(error, file) ?? causeOf((error as Error)?.cause, file)
      if (!cause) return error
      met(cause)
      tryToWrite().catch(() => {})
      return new StorageFaultError(cause, 'read')
    },
  }
}
