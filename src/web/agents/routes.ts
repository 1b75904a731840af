import type { FastifyInstance } from 'fastify'
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
  await app.register(agentListRoutes)
  await app.register(registerAgentRoutes)
  await app.register(checkAgentRoutes)
  await app.register(agentMenuRoutes)
  await app.register(editAgentRoutes)
  await app.register(pauseAgentRoutes)
  await app.register(removeAgentRoutes)
  await app.register(removeExpiredRoutes)
  await app.register(agentPageRoutes)
}
