import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { BoardQuery } from '../../../orchestrator/agents/board.ts'

const maxText = 200

const boardQuery = z
  .object({
    state: z.enum(['down', 'degraded', 'busy', 'healthy', 'paused', 'checking']).optional().catch(undefined),
    q: z.string().trim().max(maxText).catch(''),
    page: z.coerce.number().int().min(1).catch(1),
  })
  .transform(({ state, q, page }): BoardQuery => ({ tab: state, text: q, page }))

/** Ignores what is not valid. */
export function readBoardQuery({ query }: FastifyRequest): BoardQuery {
  return boardQuery.parse(query)
}

export function boardFields({ tab, text, page }: BoardQuery) {
  return { state: tab, q: text || undefined, page: page > 1 ? String(page) : undefined }
}
