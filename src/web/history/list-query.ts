import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import { areUsual } from './columns.ts'
import { createRunLinks } from './links.ts'

const fields = z.record(z.string(), z.unknown())

export const queryFields = ({ query }: FastifyRequest): Record<string, unknown> => fields.parse(query)

/** The query of the list's address, with its errors. `more` names fields that are not part of it. */
export async function readListQuery(queries: RunQueries, request: FastifyRequest, more: string[] = []) {
  const { query, errors } = await queries.read(queryFields(request), more)
  const plain: RunQuery = areUsual(query.columns) ? { ...query, columns: [] } : query
  return { query: plain, errors, queries, links: createRunLinks(queries, plain, errors) }
}
