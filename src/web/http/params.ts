import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

const byId = z.object({ id: z.string() })

/** The `:id` of a route. */
export function idOf(request: FastifyRequest): string {
  return byId.parse(request.params).id
}
