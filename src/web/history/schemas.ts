import { z } from 'zod'
import { runFields } from '../format/run-schema.ts'
import { file, json, jsonOrPage, pageOnly, problems, unchanged } from '../http/answers.ts'
import { byRun, count, payload, shownAs, strictForPrograms, texts, time, wholeNumber } from '../http/schemas.ts'

const tags = ['History']
const some = z.union([z.string(), z.array(z.string())]).optional()
const day = z.string().optional()

/** The fields of a list's address. The history reads them itself, names what is wrong, and refuses others by name. */
const filterAndOrder = z.strictObject({
  agent: some.meta({ description: 'Agent IDs; - for local runs', examples: ['writer'] }),
  status: some.meta({ description: 'Any of these', examples: ['completed'] }),
  workflow: z.string().optional(),
  time: z.enum(['hour', 'day', 'week', 'month', 'today', 'yesterday', 'this-week']).optional(),
  from: day.meta({ description: 'Started then or later, a day or a time in UTC', examples: ['2026-11-01'] }),
  to: day.meta({ description: 'Started before, or on that day', examples: ['2026-11-30T12:00'] }),
  longer: z
    .string()
    .optional()
    .meta({ description: 'Took longer', examples: ['90s'] }),
  q: z
    .string()
    .optional()
    .meta({ description: 'As typed into the search field', examples: ['SQLite'] }),
  sort: z
    .enum(['started', '-started', 'duration', '-duration', 'tokens', '-tokens', 'cost', '-cost'])
    .optional()
    .describe('Newest, longest or most first; with - the other way round'),
  columns: some.meta({ description: 'Fields that become columns', examples: ['in.topic'] }),
  older: z.string().optional().describe('From the address of the next page'),
  newer: z.string().optional().describe('From the address of the page before'),
})
const fields = z.looseObject({})
const listFields = shownAs(fields, filterAndOrder)

const listed = z.strictObject({
  runs: z.array(runFields.extend({ pinned: z.record(z.string(), payload).optional().describe('By column') })),
  total: count,
  total_is_exact: z.boolean().describe('Where it is not, there are more'),
  counts: z.record(z.string(), count).nullable().describe('By status'),
  older: z.string().nullable().describe('The next page'),
  newer: z.string().nullable().describe('The page before'),
  searched_to: time.nullable().describe('Where the page ends early because the search goes on'),
})

const maxRuns = 500
const limit = wholeNumber(1, maxRuns, `Write a whole number from 1 to ${maxRuns}.`)
  .optional()
  .meta({ description: 'How many', examples: [20] })
const ofPage = { top: z.string().optional().catch(undefined), shown: texts.optional().catch(undefined) }

export const listRuns = {
  tags,
  summary: 'Find runs',
  querystring: shownAs(
    strictForPrograms(fields.extend(ofPage), fields.extend({ limit })),
    filterAndOrder.extend({ limit }),
  ),
  response: { 200: jsonOrPage('Runs, newest first', listed), ...unchanged, ...problems(422) },
}

export const listFurther = {
  hide: true,
  querystring: fields.extend({
    have: z.coerce.number().int().nonnegative().catch(0),
    group: z.string().catch(''),
  }),
  response: { 200: pageOnly('Further rows of a list') },
}

export const peekRun = { hide: true, params: byRun, response: { 200: pageOnly('A panel beside the list') } }

const bar = z.strictObject({
  from: time.nullable(),
  to: time.nullable(),
  runs: count,
  by_status: z.record(z.string(), count),
  total_cost_usd: z.number(),
})
const chart = z.strictObject({
  runs: count,
  by_status: z.record(z.string(), count),
  total_tokens: z.number().nullable(),
  total_cost_usd: z.number().nullable(),
  p50_seconds: z.number().nullable(),
  p95_seconds: z.number().nullable(),
  from: time.nullable(),
  to: time.nullable(),
  bars: z.array(bar),
})

export const chartRuns = {
  tags,
  summary: 'Runs over time',
  querystring: listFields,
  response: { 200: jsonOrPage('Figures and bars', chart), ...unchanged, ...problems(422) },
}

export const helpSearch = { hide: true, response: { 200: pageOnly('How to search') } }

const field = z.strictObject({
  name: z.string(),
  kind: z.enum(['text', 'number', 'boolean', 'any']),
  values: z.array(z.string()),
})

export const listFieldNames = {
  tags,
  summary: 'Fields that a search can name',
  querystring: listFields,
  response: { 200: json('Of these agents', z.array(field)), ...problems(422) },
}

const isChosen = 'Select runs, or all that match.'
const ofExport = {
  format: z.enum(['csv', 'ndjson'], 'Choose csv or ndjson.').meta({ examples: ['csv'] }),
  run: texts.optional().describe('Run IDs'),
  all: z.literal('yes', isChosen).optional(),
  filter: z.string(isChosen).optional().describe('The address of a list, such as /runs?status=failed'),
}

export const exportRuns = {
  tags,
  summary: 'Export runs',
  description:
    'All runs of a filter; or those named by run; or, with all, those of the list whose address is in filter.',
  querystring: shownAs(fields.extend(ofExport), filterAndOrder.extend(ofExport)),
  response: { 200: file('The runs', 'text/csv', 'application/x-ndjson'), ...problems(422) },
}
