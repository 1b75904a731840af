import { countOrZero } from './kinds.ts'
import type { Table } from './table.ts'

export const retention = {
  keepDays: { value: countOrZero(100_000).default(90), meaning: 'days to keep runs; 0 keeps them for ever' },
  keepRuns: {
    value: countOrZero(1_000_000_000).default(1_000_000),
    meaning: 'always keep this many of the newest runs, whatever their age; 0 keeps all',
  },
  keepFailedDays: {
    value: countOrZero(100_000).default(365),
    meaning: 'days to keep failed and lost runs; 0 keeps them for ever',
  },
  keepAuditDays: {
    value: countOrZero(100_000).default(365),
    meaning: 'days to keep entries of the audit trail; 0 keeps them for ever',
  },
} satisfies Table
