import { z } from 'zod'
import { runId, time } from '../http/schemas.ts'

export const runFields = z.strictObject({
  run_id: runId,
  agent_id: z
    .string()
    .nullable()
    .describe('Null for a run of no agent: of the Python program, or reported without one'),
  workflow: z.string(),
  status: z.string().describe('pending, running, completed, failed, cancelled or lost'),
  started_at: time.nullable(),
  completed_at: time.nullable(),
  duration_seconds: z.number().nullable(),
  total_tokens: z.number().nullable(),
  total_cost_usd: z.number().nullable(),
  started_by: z
    .string()
    .nullable()
    .describe('Who started it, or reported it: the name of a user or token. Null where that is not known'),
})
