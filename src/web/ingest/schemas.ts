import { z } from 'zod'
import { isTraceId } from '../../shared/text/traceparent.ts'
import { fromDatetime } from '../../shared/time/python-datetime.ts'
import { json, problem, problems } from '../http/answers.ts'
import { payload, runId } from '../http/schemas.ts'

export const maxReports = 1000
const maxTokens = 1e12
const maxCostUsd = 1e9

const isoTime = z.iso.datetime({ local: true, offset: true })
const normalized = (text: string) =>
  text
    .trim()
    .replace(' ', 'T')
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
const isTime = (text: string) => isoTime.safeParse(normalized(text)).success && fromDatetime(normalized(text)) >= 0

const moment = (field: string) =>
  z
    .string()
    .refine(isTime, `${field} must be a time since 1970 such as 2026-11-22T16:14:30.057Z, in UTC or with its offset.`)
    .transform((text) => fromDatetime(normalized(text)))
    .meta({ description: 'UTC where it has no offset', examples: ['2026-11-22T16:14:30.057758'] })

const name = (field: string, max: number) =>
  z
    .string()
    .transform((text) => text.trim().toWellFormed())
    .pipe(z.string().min(1, `${field} is required.`).max(max, `${field} may have at most ${max} characters.`))

/** Python clients send None for what they do not know. */
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined)

const isObject = (value: unknown) =>
  value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value))

/** `inputs` and `outputs` are taken from the text of the body. */
export const report = z
  .strictObject({
    run_id: z
      .string()
      .regex(
        /^[A-Za-z\d][\w.:-]{0,35}$/,
        'run_id must have 1 to 36 letters, digits and - _ . : and begin with a letter or digit.',
      )
      .meta({ description: 'Chosen by the program, one for each run', examples: ['nightly-2026-11-22'] }),
    workflow_name: name('workflow_name', 256).meta({ examples: ['nightly_report'] }),
    agent_id: optional(name('agent_id', 255)).describe('Whose run it is; the agent need not be registered'),
    status: z.enum(['running', 'completed', 'failed', 'cancelled']),
    started_at: moment('started_at'),
    completed_at: optional(moment('completed_at')),
    inputs: payload.refine(isObject, 'inputs must be an object.').optional().describe('A JSON object'),
    outputs: payload.optional(),
    error: optional(z.string().transform((text) => text.toWellFormed() || undefined)),
    total_tokens: optional(z.int().min(0).max(maxTokens)),
    total_cost_usd: optional(z.number().min(0).max(maxCostUsd)),
    trace_id: optional(
      z.string().refine(isTraceId, 'trace_id must be 32 hexadecimal digits in small letters.'),
    ).describe('Of its trace (W3C Trace Context)'),
  })
  .meta({ id: 'RunReport', description: 'What a program says of a run of its own; what is left out stays as it was' })

const taken = z.strictObject({
  run_id: runId,
  status: z.enum(['created', 'updated', 'unchanged']),
  url: z.string().describe('The page of the run'),
})
const refused = z.strictObject({ run_id: z.string().nullable(), problem })
const results = z.strictObject({ results: z.array(z.union([taken, refused])).describe('In the order of the list') })

const example = {
  run_id: 'nightly-2026-11-22',
  workflow_name: 'nightly_report',
  status: 'completed',
  started_at: '2026-11-22T16:14:30Z',
  completed_at: '2026-11-22T16:14:38.5Z',
  outputs: { report: 'Ready' },
  total_tokens: 1200,
  total_cost_usd: 0.034,
}

export const reportRuns = {
  tags: ['Runs'],
  summary: 'Report runs of a program of your own',
  description:
    'One report, or a list of up to 1,000. A report of the same run_id again moves a running run on, and changes nothing when it says the same.',
  body: z.union([report, z.array(report).min(1).max(maxReports)]).meta({ examples: [example] }),
  response: {
    200: json('Recorded', z.union([taken, results])),
    207: json('Of a list, not all were recorded', results),
    ...problems(400, 409, 413, 415, 422, 503),
  },
}
