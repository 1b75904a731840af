const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code)

export const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY')

export const isDiskError = (error: unknown): boolean => /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(codeOf(error))
