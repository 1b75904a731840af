import type { FastifyReply, FastifyRequest } from 'fastify'
import { NotFoundError } from '../../shared/errors.ts'
import { jsonAt } from '../../shared/json.ts'
import { presentTree } from '../format/json-tree.ts'

type Cut = { at: string; from: number }

/** Throws NotFoundError. */
export function sendRestOfTree({ url }: FastifyRequest, reply: FastifyReply, text: string, cut: Cut): FastifyReply {
  const { at, from } = cut
  const value = jsonAt(text, at)
  if (value === undefined) throw new NotFoundError('page', url)
  return reply.view('runs/_rest', { node: presentTree(value, at, from), treePath: url.split('?')[0] })
}
