import { z } from 'zod'
import { file, jsonOrPage, pageOnly, problems } from '../http/answers.ts'
import { byRun, count, lenient, ofTree, payload, runId, strictForPrograms, time, wholeNumber } from '../http/schemas.ts'

const amount = z.number().nullable()

const node = z.strictObject({
  state_id: z.number().int(),
  node_id: z.string(),
  status: z.string().nullable(),
  started_at: time.nullable(),
  ended_at: time.nullable(),
  duration_seconds: amount,
  duration_is_derived: z.boolean().describe('Not recorded: the time since the state before'),
  input_tokens: amount,
  output_tokens: amount,
  total_tokens: amount,
  cost_usd: amount,
  model: z.string().nullable(),
  error: z.string().nullable(),
  state: z.string().describe('Where the whole state is'),
})

const nodes = z
  .strictObject({ run_id: runId, total: count, from: count, nodes: z.array(node), bottleneck_info: payload })
  .meta({ id: 'RunNodes', description: 'What the Python program recorded inside a run' })

const tags = ['Runs']
const byState = z.object({
  id: runId,
  state: z.coerce
    .number()
    .int()
    .safe()
    .meta({ description: 'State ID', examples: [1] }),
})

const whichStates = z.strictObject({
  from: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0).describe('Skip as many states'),
})

export const showNodes = {
  tags,
  summary: 'The nodes of a run',
  params: byRun,
  querystring: strictForPrograms(z.object(lenient(whichStates)), whichStates),
  response: { 200: jsonOrPage('The nodes', nodes), ...problems(404, 410, 422) },
}

export const showState = {
  tags,
  summary: 'A state that a node saved',
  params: byState,
  response: { 200: file('The state, as it was saved', 'application/json', 'text/plain'), ...problems(404, 410) },
}

export const viewState = { hide: true, params: byState, response: { 200: pageOnly('A state') } }

export const showStateTree = {
  hide: true,
  params: byState,
  querystring: ofTree,
  response: { 200: pageOnly('More rows of a tree') },
}

export const showBottleneck = {
  tags,
  summary: 'Which nodes of a run took the time',
  params: byRun,
  response: { 200: file('As the Python program saved it', 'application/json', 'text/plain'), ...problems(404, 410) },
}

export const showBottleneckTree = {
  hide: true,
  params: byRun,
  querystring: ofTree,
  response: { 200: pageOnly('More rows of a tree') },
}
