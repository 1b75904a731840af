import { z } from 'zod'
import { auditActions } from '../../shared/audit/actions.ts'
import { file, jsonOrPage, problems } from '../http/answers.ts'
import { shownAs, strictForPrograms, time, wholeNumber } from '../http/schemas.ts'

const tags = ['Audit']
const value = z.union([z.string(), z.number(), z.boolean(), z.null()])

const entry = z
  .strictObject({
    at: time.nullable(),
    by: z.strictObject({ id: z.string(), name: z.string(), role: z.string() }),
    action: z.string().meta({ examples: ['run.execute'] }),
    subject: z
      .strictObject({ kind: z.string(), id: z.string(), name: z.string().nullable() })
      .nullable()
      .describe('What it was done to; null for the dashboard itself'),
    agent_id: z.string().nullable(),
    details: z.record(z.string(), value).nullable(),
    address: z.string().nullable().describe('From which it was asked'),
  })
  .meta({ id: 'AuditEntry', description: 'Who did what' })

/** The trail reads them itself, names what is wrong, and refuses others by name. */
const documented = z.strictObject({
  by: z.string().optional().describe('The name of who did it'),
  action: z.enum(auditActions).optional(),
  agent: z.string().optional().describe('Agent ID: what was done to it and with it'),
  run: z.string().optional().describe('Run ID'),
  user: z.string().optional().describe('Name or ID of the user to whom it was done'),
  from: z
    .string()
    .optional()
    .meta({ description: 'Then or later, a day or a time in UTC', examples: ['2026-11-01'] }),
  to: z
    .string()
    .optional()
    .meta({ description: 'Before, or on that day', examples: ['2026-11-30T12:00'] }),
})
const fields = z.looseObject({})

const maxEntries = 500
const limit = wholeNumber(1, maxEntries, `Write a whole number from 1 to ${maxEntries}.`)
  .optional()
  .meta({ description: 'How many', examples: [20] })

const listed = z.strictObject({
  entries: z.array(entry),
  older: z.string().nullable().describe('The next page'),
  newer: z.string().nullable().describe('The page before'),
  unwritten: z.number().int().describe('Entries that wait, as the database cannot be written'),
})

export const listAudit = {
  tags,
  summary: 'Who did what, and when',
  querystring: shownAs(
    strictForPrograms(fields, fields.extend({ limit })),
    documented.extend({
      limit,
      older: z.string().optional().describe('From the address of the next page'),
      newer: z.string().optional().describe('From the address of the page before'),
    }),
  ),
  response: { 200: jsonOrPage('The newest first', listed), ...problems(403, 422) },
}

const format = z.enum(['csv', 'ndjson'], 'Choose csv or ndjson.').meta({ examples: ['csv'] })

export const exportAudit = {
  tags,
  summary: 'Export the audit trail',
  description: 'All entries of a filter, the newest first. The export is recorded, too.',
  querystring: shownAs(fields.extend({ format }), documented.extend({ format })),
  response: { 200: file('The entries', 'text/csv', 'application/x-ndjson'), ...problems(403, 422) },
}
