import { StorageFaultError } from '../../shared/errors.ts'
import type { FaultCause } from './cause.ts'

export function createShownErrors(deps: {
  causeOf: (error: unknown) => FaultCause | undefined
  begin: (cause: FaultCause, bytes?: number) => void
  met: (cause: FaultCause) => void
  tryToWrite: () => Promise<unknown>
}) {
  const { causeOf, begin, met, tryToWrite } = deps
  return {
    failed(error: unknown, bytes = 0): unknown {
      const cause = causeOf(error)
      if (!cause) return error
      begin(cause, bytes)
      return new StorageFaultError(cause, 'write')
    },

    /** Of a read. Whether anything can be written is then tried. */
    met(error: unknown): unknown {
      const cause = causeOf(error) ?? causeOf((error as Error)?.cause)
      if (!cause) return error
      met(cause)
      tryToWrite().catch(() => {})
      return new StorageFaultError(cause, 'read')
    },
  }
}
