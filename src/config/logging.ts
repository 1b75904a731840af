import { z } from 'zod'
import type { Table } from './table.ts'

export const logging = {
  logLevel: {
    value: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('warn'),
    meaning: 'silent, fatal, error, warn, info, debug or trace; the log goes to standard error',
  },
} satisfies Table
