import { z } from 'zod'
import type { BoardQuery } from '../../../orchestrator/agents/board.ts'
import { lenient } from '../../http/schemas.ts'

const maxText = 200

export const agentFilter = z.strictObject({
  state: z
    .enum(['down', 'degraded', 'busy', 'healthy', 'paused', 'checking'])
    .optional()
    .describe('Agents in this state; down has the expired ones too'),
  q: z.string().trim().max(maxText).default('').describe('Words in the name, ID or URL'),
})

export const boardParameters = {
  ...lenient(agentFilter),
  page: z.coerce.number().int().min(1).default(1).catch(1),
}

export const allAgents: BoardQuery = { tab: undefined, text: '', page: 1 }

export function boardQueryOf({ state, q, page }: z.output<z.ZodObject<typeof boardParameters>>): BoardQuery {
  return { tab: state, text: q, page }
}

export function boardFields({ tab, text, page }: BoardQuery) {
  return { state: tab, q: text || undefined, page: page > 1 ? String(page) : undefined }
}
