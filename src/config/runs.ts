import { count, seconds, traceUrl } from './kinds.ts'
import type { Table } from './table.ts'

export const runs = {
  traceUrl: {
    value: traceUrl().default(''),
    flag: '--trace-url',
    argument: '<url>',
    meaning: 'address of a trace in your tracing tool, with {trace_id}; runs then link to it',
  },
  runTimeoutSeconds: {
    value: seconds(86_400).default(120),
    meaning: 'how long an agent may take to answer one POST /run',
  },
  jobTimeoutSeconds: {
    value: seconds(2_592_000).default(86_400),
    meaning: 'how long a run in the background is followed',
  },
  runsPerAgent: { value: count(1000).default(4), meaning: 'concurrent runs per agent (slots); more are queued' },
  runsInAll: { value: count(10_000).default(100), meaning: 'concurrent runs on all agents; more are queued' },
} satisfies Table
