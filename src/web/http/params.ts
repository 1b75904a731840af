import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

const byId = z.object({ id: z.string() })

export function idOf(request: FastifyRequest): string {
  return byId.parse(request.params).id
}
