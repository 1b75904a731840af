import { seconds } from './kinds.ts'
import type { Table } from './table.ts'

export const cluster = {
  leaseSeconds: {
    value: seconds(3600).default(15),
    meaning: 'how long a dashboard may be silent before others on its PostgreSQL database take up its runs',
  },
} satisfies Table
