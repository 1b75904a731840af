import { z } from 'zod'
import { credentialUrl } from '../format/asked-schema.ts'
import { runFields } from '../format/run-schema.ts'
import { file, json, jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { byRun, count, ofForms, ofPages, ofTree, payload, runId, time } from '../http/schemas.ts'

const queued = z
  .strictObject({
    limit: z.string(),
    slots: count,
    held_by: z.array(z.strictObject({ run_id: z.string(), agent_id: z.string(), url: z.string() })),
  })
  .describe('Which limit the run waits for, and the runs that hold it')

export const runPage = runFields.extend({
  error_message: z.string().nullable(),
  credential_url: credentialUrl,
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  job_id: z.string().nullable(),
  agent_url: z.string().nullable(),
  rerun_of: z.string().nullable(),
  trace_id: z.string().nullable().describe('Of the trace it belongs to (W3C Trace Context)'),
  started_by_id: z.string().nullable().describe('Such as user:… or token:…'),
  reported_at: time.nullable().describe('When its program last reported it; null for runs that are not reported'),
  queued: queued.optional(),
  inputs: payload,
  outputs: payload,
})
const run = runPage.meta({ id: 'Run', description: 'One run with its inputs and outputs' })

const begun = z.strictObject({ run_id: runId, redirect_url: z.string().describe('The page of the new run') })
const stopped = z.strictObject({ run_id: runId, status: z.string(), message: z.string().nullable() })

const tags = ['Runs']
const byPayload = z.object({ id: runId, name: z.enum(['inputs', 'outputs', 'config']).meta({ examples: ['inputs'] }) })
/** A form's token, which makes it count once. Programs have nothing to send: the inputs stay the same. */
const once = ofForms({ token: z.string().optional().catch(undefined) })

export const showRun = {
  tags,
  summary: 'One run',
  description:
    '`Prefer: wait=20` waits up to so many seconds for its end. A run that others carry out is not waited for.',
  params: byRun,
  querystring: ofPages(z.object({ tab: z.string().optional().catch(undefined) })),
  response: { 200: jsonOrPage('The run', run), ...problems(404, 410) },
}

export const cancelRun = {
  tags,
  summary: 'Stop waiting for a run',
  description: 'The agent is not told to stop; it may still be working, and costing money.',
  params: byRun,
  response: { 200: json('The run as it ended', stopped), ...problems(404, 409, 410) },
}

export const rerun = {
  tags,
  summary: 'Run again with the same inputs',
  params: byRun,
  body: once,
  response: { 200: json('A new run has begun', begun), ...problems(404, 409, 410, 422) },
}

export const showCurl = {
  tags,
  summary: 'The request to the agent, as a curl command',
  params: byRun,
  response: { 200: file('A command', 'text/plain'), ...problems(404, 410) },
}

export const showPayload = {
  tags,
  summary: 'The inputs, outputs or configuration of a run',
  description: 'To the byte as they are stored: as text where they are no JSON.',
  params: byPayload,
  querystring: z.strictObject({
    at: z.string().optional().describe('A JSON pointer to a part; a string comes without its quotes'),
  }),
  response: { 200: file('The payload', 'application/json', 'text/plain'), ...problems(404, 410, 422) },
}

export const showPayloadTree = {
  hide: true,
  params: byPayload,
  querystring: ofTree,
  response: { 200: pageOnly('More rows of a tree') },
}
