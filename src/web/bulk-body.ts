import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type FieldError, InvalidInputError } from '../errors.ts'
import type { BulkRequest } from '../orchestrator/bulk-jobs.ts'

/** A selection that is ticked is a page or some; more are named by a filter. */
const mostRunIds = 10_000

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const last = texts.transform((all) => all.at(-1) ?? '')
const action = z.enum(['rerun', 'cancel', 'delete'])
const form = z.object({
  action,
  run: texts.default([]),
  all: last.default(''),
  filter: last.default(''),
  confirm: last.default(''),
  token: last.default(''),
  back: last.default(''),
})
const json = z.object({
  action,
  run_ids: z.array(z.string()).max(mostRunIds).optional(),
  filter: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))]).optional(),
  confirm: z.boolean().default(false),
})

export type AskedBulk = { request: BulkRequest; isConfirmed: boolean; token: string | undefined; back: string }

const messages: Record<string, string> = {
  action: 'Choose rerun, cancel or delete.',
  run_ids: `Send a list of at most ${mostRunIds.toLocaleString('en-US')} ids, or a filter.`,
  filter: 'Send the filter as the query of an address, or as an object of its fields.',
  confirm: 'Send true or false.',
}

/** What a form or a script wants to have done to which runs. Throws InvalidInputError. */
export function readBulk({ body }: FastifyRequest, isJson: boolean): AskedBulk {
  if (!isJson) return readForm(parsed(form, body ?? {}))
  const { action, run_ids: runIds, filter, confirm } = parsed(json, body ?? {})
  if ((runIds === undefined) === (filter === undefined))
    throw refused({ field: 'run_ids', message: 'Send either "run_ids" or "filter".' })
  const request = runIds ? { action, runIds } : { action, fields: fieldsOf(filter!) }
  return { request, isConfirmed: confirm, token: undefined, back: '/runs' }
}

function readForm({ action, run, all, filter, confirm, token, back }: z.output<typeof form>): AskedBulk {
  if (run.length === 0 && all === '')
    throw refused({ field: 'run', message: 'Tick the runs that are meant, or choose all that match.' })
  const request = all === '' ? { action, runIds: run } : { action, fields: fieldsOf(filter) }
  return { request, isConfirmed: confirm !== '', token: token || undefined, back: listPath(back || filter) }
}

/** The fields of an address, or of its query alone. */
function fieldsOf(filter: string | Record<string, string | string[]>): Record<string, string | string[]> {
  if (typeof filter !== 'string') return filter
  const fields: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(queryOf(filter))) fields[name] = [...(fields[name] ?? []), value]
  return fields
}

const queryOf = (address: string) => {
  const at = address.indexOf('?')
  return at >= 0 ? address.slice(at + 1) : address.startsWith('/') ? '' : address
}

/** The list of runs, and nothing else, whatever was sent. */
function listPath(address: string): string {
  const query = new URLSearchParams(queryOf(address)).toString()
  return query === '' ? '/runs' : `/runs?${query}`
}

function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const fields = [...new Set(read.error.issues.map(({ path }) => String(path[0] ?? '')))]
  throw refused(
    ...fields.map((field) => ({ field, message: messages[field] ?? 'Send what is to be done, and to which runs.' })),
  )
}

const refused = (...fields: FieldError[]) => new InvalidInputError(fields)
