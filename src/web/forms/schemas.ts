import { z } from 'zod'
import { json, jsonOrPage, problems } from '../http/answers.ts'
import { byAgent, ofPages, payload, runId } from '../http/schemas.ts'
import { runPage } from '../runs/schemas.ts'

const tags = ['Agents']
const ofAgent = { tags, params: byAgent }

export const showSchema = {
  ...ofAgent,
  summary: 'The schema of an agent',
  description: 'Asks the agent, and returns its answer as it is.',
  response: { 200: json('The schema', payload), ...problems(404, 503) },
}

const input = z.strictObject({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  nullable: z.boolean(),
  description: z.string(),
  default: payload.optional(),
})
const described = z.strictObject({
  agent_name: z.string(),
  workflow: z.string().nullable(),
  inputs: z.array(input),
})

const named = z.string().optional().catch(undefined)

export const showExecute = {
  ...ofAgent,
  summary: 'What an agent takes',
  description: 'Asks the agent for its schema.',
  querystring: ofPages(z.object({ from: named, inputs: named })),
  response: { 200: jsonOrPage('Its inputs', described), ...problems(404, 503) },
}

const needed = 'The request needs an object "inputs".'
const inputs = z
  .looseObject({}, { error: ({ input }) => (input === undefined ? needed : '"inputs" must be an object.') })
  .meta({
    description: 'As the schema of the agent says. The agent gets this text to the byte.',
  })
const whole = z.strictObject({ inputs }, needed).meta({ examples: [{ inputs: { topic: 'SQLite' } }] })

const begun = z.strictObject({ run_id: runId, redirect_url: z.string().describe('The page of the run') })
const waitedFor = begun.extend({ status: z.string().describe('Where `Prefer: wait` has waited') })

export const executeAgent = {
  ...ofAgent,
  summary: 'Run an agent',
  description:
    'Answers at once. `Prefer: wait=20` waits up to so many seconds for the end, and then answers with the run. ' +
    'An `Idempotency-Key` begins one run, however often it is sent.',
  // A form of a page is read by the schema of the agent.
  body: { content: { 'application/json': { schema: whole } } },
  response: {
    200: jsonOrPage('The run has begun', z.union([begun, waitedFor, runPage.extend({ redirect_url: z.string() })])),
    ...problems(404, 422, 503),
  },
}
