import type { FastifyRequest } from 'fastify'
import { byAgent } from './schemas.ts'

export function idOf(request: FastifyRequest): string {
  return byAgent.parse(request.params).id
}
