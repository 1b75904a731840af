import { seconds } from './kinds.ts'
import type { Table } from './table.ts'

export const health = {
  healthIntervalSeconds: { value: seconds(3600).default(10), meaning: 'time between health checks' },
  healthTimeoutSeconds: {
    value: seconds(60).default(3),
    meaning: 'how long an agent may take to answer a health check',
  },
  registerTimeoutSeconds: { value: seconds(60).default(5), meaning: 'the same for the check at registration' },
} satisfies Table
