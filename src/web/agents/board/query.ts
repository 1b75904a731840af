import { z } from 'zod'
import type { BoardQuery } from '../../../orchestrator/agents/board.ts'

const maxText = 200

/** Ignores what is not valid. */
export const boardParameters = {
  state: z.enum(['down', 'degraded', 'busy', 'healthy', 'paused', 'checking']).optional().catch(undefined),
  q: z.string().trim().max(maxText).default('').catch(''),
  page: z.coerce.number().int().min(1).default(1).catch(1),
}

export const allAgents: BoardQuery = { tab: undefined, text: '', page: 1 }

export function boardQueryOf({ state, q, page }: z.output<z.ZodObject<typeof boardParameters>>): BoardQuery {
  return { tab: state, text: q, page }
}

export function boardFields({ tab, text, page }: BoardQuery) {
  return { state: tab, q: text || undefined, page: page > 1 ? String(page) : undefined }
}
