import { setImmediate } from 'node:timers/promises'
import type { Report } from '../../orchestrator/ingest/report.ts'
import { type AppError, InvalidInputError } from '../../shared/errors.ts'
import { jsonItems, jsonMembers } from '../../shared/json.ts'
import { invalidInput, inWords } from '../http/invalid-input.ts'
import { repeatedField } from '../http/repeated-fields.ts'
import { report as schema } from './schemas.ts'

const readAtOnce = 100

export type ReadReport = { runId: string | null } & ({ report: Report } | { error: AppError })

/** `text` is the JSON text of `value`: payloads are kept to the byte. */
export function readReport(value: unknown, text: string): ReadReport {
  const runId = runIdIn(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { runId, error: new InvalidInputError([{ field: '', message: 'A report must be an object.' }]) }
  const read = schema.safeParse(value, { error: inWords })
  if (!read.success) return { runId, error: invalidInput(read.error, schema) }
  const { data } = read
  const payloads = jsonMembers(text)!
  const payload = (name: 'inputs' | 'outputs') => {
    const json = payloads.get(name)
    return json === 'null' ? undefined : json
  }
  return {
    runId,
    report: {
      runId: data.run_id,
      workflow: data.workflow_name,
      agentId: data.agent_id,
      status: data.status,
      startedAt: data.started_at,
      completedAt: data.completed_at,
      inputs: payload('inputs'),
      outputs: payload('outputs'),
      error: data.error,
      totalTokens: data.total_tokens,
      totalCostUsd: data.total_cost_usd,
      traceId: data.trace_id,
    },
  }
}

/** Lets other requests have their turn between. */
export async function readReports(values: unknown[], text: string): Promise<ReadReport[]> {
  const read: ReadReport[] = []
  const texts = jsonItems(text)!
  for (const [index, value] of values.entries()) {
    if (index % readAtOnce === readAtOnce - 1) await setImmediate()
    const item = texts[index]!
    // Of a body that is one object, that is known already.
    const repeated = repeatedField(item)
    read.push(repeated ? { runId: runIdIn(value), error: repeated } : readReport(value, item))
  }
  return read
}

/** What was sent as the id, to find the report again by. */
function runIdIn(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'run_id' in value ? value.run_id : null
  return typeof id === 'string' ? id.toWellFormed() : null
}
