import { z } from 'zod'
import { json, jsonOrPage, problems } from '../http/answers.ts'
import { count, inAddress, ofPages, texts, time } from '../http/schemas.ts'

const tags = ['Bulk actions']
const maxRunIds = 10_000

const last = texts.transform((all) => all.at(-1) ?? '')
const one = texts.refine((all) => all.length < 2).transform((all) => all[0] ?? '')
/** Anything else is an error, never a yes. */
const box = last.pipe(
  z.union([
    z.enum(['yes', 'true', 'on', '1']).transform(() => true),
    z.enum(['', 'no', 'false', 'off', '0']).transform(() => false),
  ]),
)
const whole = 'Send what is to be done, and to which runs.'
const action = z.enum(['rerun', 'cancel', 'delete'], 'Choose rerun, cancel or delete.')
const form = z
  .strictObject(
    {
      action,
      run: texts.default([]),
      all: box.default(false),
      filter: one.default(''),
      confirm: box.default(false),
      token: last.default(''),
      back: last.default(''),
    },
    whole,
  )
  .refine(({ run, all }) => run.length > 0 || all, { path: ['run'], message: 'Select runs, or all that match.' })
  .refine(({ run, all }) => run.length === 0 || !all, {
    path: ['all'],
    message: 'Select either single runs or all that match. Nothing was done.',
  })
const filter = z.union(
  [z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string()), z.literal(true)]))],
  'Send the filter as the query of an address, or as an object of its fields with texts as values.',
)
const runIds = 'Send a list of at most 10,000 ids, or a filter.'
const body = z
  .strictObject(
    {
      action,
      run_ids: z.array(z.string(runIds), runIds).max(maxRunIds, runIds).optional(),
      filter: filter.optional(),
      all: z.literal(true, 'Send true, or leave it out.').optional(),
      confirm: z.boolean('Send true or false.').default(false),
    },
    whole,
  )
  .refine((given) => [given.run_ids, given.filter, given.all].filter((one) => one !== undefined).length === 1, {
    path: ['run_ids'],
    message: 'Send either "run_ids", "filter" or "all": true.',
  })
  .meta({ examples: [{ action: 'rerun', filter: { status: 'failed' }, confirm: true }] })

export type BulkForm = z.output<typeof form>
export type BulkBody = z.output<typeof body>

const reason = z.strictObject({
  kind: z.string().describe('left_out or failed'),
  reason: z.string(),
  runs: count,
  example_run_id: z.string(),
})
const bulkAction = z
  .strictObject({
    bulk_id: z.string(),
    action: z.enum(['rerun', 'cancel', 'delete']),
    status: z.enum(['waiting', 'working', 'done', 'stopped']),
    total: count.nullable().describe('Null until the runs have been counted'),
    handled: count,
    done: count,
    left_out: count,
    failed: count,
    reasons: z.array(reason),
    filter: z.string().nullable().describe('Null where the runs were named'),
    problem: z.string().nullable(),
    stop_reason: z.string().nullable().describe('Where the dashboard stopped it'),
    started_by: z.string().nullable().describe('The name of a user or token'),
    created_at: time.nullable(),
    started_at: time.nullable(),
    ended_at: time.nullable(),
    url: z.string(),
  })
  .meta({ id: 'BulkAction', description: 'One action on many runs' })

const byAction = z.object({
  id: z.string().meta({ description: 'Bulk action ID', examples: ['0199b0c8-0000-7000-8000-000000000002'] }),
})

export const beginBulk = {
  tags,
  summary: 'Rerun, cancel or delete many runs',
  description:
    'Send either run_ids, filter or all. Deleting needs the role admin. An `Idempotency-Key` begins one action.',
  querystring: ofPages(inAddress),
  body: {
    content: {
      'application/json': { schema: body },
      'application/x-www-form-urlencoded': { schema: form },
    },
  },
  response: { 202: json('The action has begun', bulkAction), ...problems(404, 409, 422) },
}

export const listBulk = {
  tags,
  summary: 'The latest bulk actions',
  querystring: z.strictObject({}),
  response: { 200: json('Newest first', z.strictObject({ jobs: z.array(bulkAction) })), ...problems(422) },
}

export const showBulk = {
  tags,
  summary: 'How far a bulk action is',
  params: byAction,
  response: { 200: jsonOrPage('The action', bulkAction), ...problems(404) },
}

export const stopBulk = {
  tags,
  summary: 'Stop a bulk action',
  description: 'What is done stays done.',
  params: byAction,
  response: { 200: jsonOrPage('The action', bulkAction), ...problems(404, 409) },
}

export const closeBulk = {
  tags,
  summary: 'Close an ended bulk action',
  description: 'It is no longer shown above the list.',
  params: byAction,
  response: { 200: jsonOrPage('The action', bulkAction), ...problems(404) },
}
