import type { FastifyInstance } from 'fastify'
import { addRoutes } from '../http/add-routes.ts'
import { checkAgentRoutes } from './check.ts'
import { editAgentRoutes } from './edit.ts'
import { agentListRoutes } from './list-page.ts'
import { agentMenuRoutes } from './menu.ts'
import { agentPageRoutes } from './page/routes.ts'
import { pauseAgentRoutes } from './pause.ts'
import { registerAgentRoutes } from './register.ts'
import { removeAgentRoutes } from './remove.ts'
import { removeExpiredRoutes } from './remove-expired.ts'

export async function agentRoutes(app: FastifyInstance) {
  await addRoutes(app, [
    agentListRoutes,
    registerAgentRoutes,
    checkAgentRoutes,
    agentMenuRoutes,
    editAgentRoutes,
    pauseAgentRoutes,
    removeAgentRoutes,
    removeExpiredRoutes,
    agentPageRoutes,
  ])
}
