import type { FastifyRequest } from 'fastify'
import type { BulkRequest } from '../../orchestrator/bulk/request.ts'
import { type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { unknownFields } from '../../shared/fields/names.ts'
import { jsonMembers } from '../../shared/json.ts'
import { ownAddress } from '../http/own-address.ts'
import { paths, routes } from '../http/paths.ts'
import { repeatedField } from '../http/repeated-fields.ts'
import { isJsonBody } from '../plugins/bodies.ts'
import type { BulkBody, BulkForm } from './schemas.ts'

export type AskedBulk = { request: BulkRequest; isConfirmed: boolean; token: string | undefined; back: string }

export function readBulk(request: FastifyRequest): AskedBulk {
  if (isJsonBody(request)) {
    const filter = jsonMembers(request.jsonText)?.get('filter') ?? ''
    const repeated = repeatedField(filter)
    if (repeated) throw repeated
    if (jsonMembers(filter)?.has('__proto__')) throw refused(...unknownFields(['__proto__'], []))
    return readJson(request.body as BulkBody)
  }
  // Without a content type, no schema has read it.
  if (!request.body) throw refused({ field: 'action', message: 'Choose rerun, cancel or delete.' })
  return readForm(request.body as BulkForm)
}

function readJson({ action, run_ids: runIds, filter, confirm }: BulkBody): AskedBulk {
  const request = runIds ? { action, runIds } : { action, ...(filter === undefined ? isAll : selectedBy(filter)) }
  return { request, isConfirmed: confirm, token: undefined, back: paths.runs() }
}

function readForm({ action, run, all, filter, confirm, token, back }: BulkForm): AskedBulk {
  return {
    request: all ? { action, ...listedBy(filter), isSettled: confirm } : { action, runIds: run },
    isConfirmed: confirm,
    token: token || undefined,
    back: listPath(back || filter),
  }
}

const isAll = { isAll: true } as const

function selectedBy(filter: NonNullable<BulkBody['filter']>): { isAll: true } | { fields: Record<string, unknown> } {
  const fields = typeof filter === 'string' ? fieldsOfList(filter) : filter
  const isNamed = [fields.all].flat().join() === 'true'
  return Object.keys(fields).join() === 'all' && isNamed ? isAll : { fields }
}

/** The box "all" selects all runs of the list whose address comes with the form. */
function listedBy(address: string): { isAll: true } | { fields: Record<string, unknown> } {
  const { sort: _, columns: __, older: ___, newer: ____, ...fields } = fieldsOfList(address)
  return Object.keys(fields).length === 0 ? isAll : { fields }
}

/** The fields of the list's address, or of its query alone. Throws InvalidInputError. */
export function fieldsOfList(address: string): Record<string, string[]> {
  const [path, query] = address.includes('?')
    ? splitAt(address, '?')
    : address.startsWith('/')
      ? [address, '']
      : ['', address]
  // A query of "&" alone has no field, and must not select all runs.
  if ((path !== '' && !isOfList(path)) || /^&+$/.test(query))
    throw refused({ field: 'filter', message: 'Send the address of the list of runs, such as /runs?status=failed.' })
  const fields: Record<string, string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(query)) fields[name] = [...(fields[name] ?? []), value]
  return fields
}

function isOfList(path: string): boolean {
  if (!URL.canParse(path, 'http://x')) return false
  const { pathname, hash } = new URL(path, 'http://x')
  return ownAddress(pathname) === routes.runs && hash === ''
}

function splitAt(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** The list of runs and no other page, whatever was sent. */
function listPath(address: string): string {
  const query = address.includes('?') ? splitAt(address, '?')[1] : address.startsWith('/') ? '' : address
  return paths.runs(new URLSearchParams(query).toString())
}

const refused = (...fields: FieldError[]) => new InvalidInputError(fields)
