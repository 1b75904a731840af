import { z } from 'zod'
import { payload } from './schemas.ts'

const errors = z.array(z.strictObject({ field: z.string(), message: z.string() }))

/** RFC 9457; `detail` is always a sentence. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    requestId: z.string().optional(),
    credential_url: z.string().optional().describe('Where an admin enters the credential that the agent asks for'),
    errors: errors.optional().describe('Where fields are at fault'),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457)' })

const page = z.string().describe('A page, or the region that htmx asked for')

/** Answers are strict objects, so that tests find what is not declared. */
export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

export function jsonOrPage<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema }, 'text/html': { schema: page } } }
}

export function pageOnly(description: string) {
  return { description, content: { 'text/html': { schema: page } } }
}

export const unchanged = { 304: z.null().describe('Nothing has changed') }

export function file(description: string, ...types: string[]) {
  const schemaOf = (type: string) => (type === 'application/json' ? payload : z.string())
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }])) }
}

const meanings = {
  400: 'The address or the body cannot be read',
  401: 'A login or a token is needed',
  403: 'Who asks may not do this',
  404: 'There is nothing with that name',
  409: 'Not possible in the present state',
  410: 'Deleted by retention',
  413: 'Too large',
  415: 'Neither JSON nor a form',
  422: 'Fields are missing, unknown or wrong',
  429: 'Too many tries',
  500: 'Unexpected error',
  503: 'The agent or the database cannot be reached',
  507: 'The disk is full: nothing was saved',
} as const

/** Besides these, each route may answer with a problem of another status. */
export function problems(...statuses: (keyof typeof meanings)[]) {
  const content = { 'application/problem+json': { schema: problem } }
  return Object.fromEntries(statuses.map((status) => [status, { description: meanings[status], content }]))
}
