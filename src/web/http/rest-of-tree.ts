import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../shared/errors.ts'
import { jsonAt } from '../../shared/json.ts'
import { presentTree } from '../format/json-tree.ts'

const cut = z.object({ at: z.string().default(''), from: z.coerce.number().int().min(0).catch(0) })

/** Throws NotFoundError. */
export function sendRestOfTree(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const { at, from } = cut.parse(request.query)
  const value = jsonAt(text, at)
  if (value === undefined) throw new NotFoundError('page', request.url)
  return reply.view('runs/_rest', { node: presentTree(value, at, from), treePath: request.url.split('?')[0] })
}
