import { z } from 'zod'
import { runFields } from '../format/run-schema.ts'
import { jsonOrPage, problems } from '../http/answers.ts'
import { payload, shownAs, strictForPrograms } from '../http/schemas.ts'

const id = z
  .union([z.string(), z.array(z.string()).transform((ids) => ids.at(-1) ?? '')])
  .default('')
  .catch('')

const asked = z.strictObject({
  a: z.string().meta({ description: 'ID of the earlier run', examples: ['0199b0c8-7a51-7c3e-9d0a-5f0e6f1f2a3b'] }),
  b: z.string().meta({ description: 'ID of the later run', examples: ['0199b0c9-1c40-7f5d-8a6b-2e7d9c4b5a60'] }),
})

const difference = z.strictObject({
  kind: z.enum(['changed', 'added', 'removed']),
  path: z.string().describe('A JSON pointer'),
  a: payload.optional(),
  b: payload.optional(),
})

const payloads = z.strictObject({
  is_same: z.boolean(),
  compared_by: z.enum(['values', 'texts', 'nothing']),
  is_cut: z.boolean().describe('Not all differences are shown'),
  differences: z.array(difference),
})

const comparison = z
  .strictObject({
    a: runFields,
    b: runFields,
    duration_seconds_difference: z.number().nullable(),
    total_tokens_difference: z.number().nullable(),
    total_cost_usd_difference: z.number().nullable(),
    inputs: payloads,
    outputs: payloads,
  })
  .meta({ id: 'Comparison', description: 'How run B differs from run A' })

/** A list with two selected runs sends `run` twice. People with an old link choose runs, whatever else it says. */
const query = z.object({
  a: id,
  b: id,
  run: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .default([])
    .catch([]),
})

export const compareRuns = {
  tags: ['Runs'],
  summary: 'Compare two runs',
  querystring: shownAs(strictForPrograms(query, query.strict()), asked),
  response: { 200: jsonOrPage('Their differences', comparison), ...problems(404, 422) },
}
