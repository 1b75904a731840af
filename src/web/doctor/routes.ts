import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { agentsPage } from '../agents/list-page.ts'
import { presentRegisterForm } from '../agents/register-form.ts'
import { routes } from '../http/paths.ts'
import { respond } from '../http/respond.ts'
import { diagnosisAsJson, presentDiagnosis } from './diagnosis.ts'

/** `instead` is the URL of a button that tests another than the typed one. */
const testBody = z
  .object({
    agent_id: z.unknown(),
    agent_name: z.unknown(),
    agent_url: z.unknown(),
    description: z.unknown(),
    first: z.unknown(),
    instead: z.string().optional().catch(undefined),
  })
  .partial()
  .catch({})

export async function doctorRoutes(app: FastifyInstance) {
  app.post(routes.testUrl, async (request, reply) => {
    const { instead, ...sent } = testBody.parse(request.body)
    const typed = instead === undefined ? sent : { ...sent, agent_url: instead }
    const diagnosis = await app.orchestrator.diagnose(typed.agent_url, typed.agent_id)
    const register = presentRegisterForm(typed, { test: { diagnosis, present: presentDiagnosis } })
    return respond(request, reply, {
      json: () => diagnosisAsJson(diagnosis),
      partial: () => ['agents/_register', register],
      page: () => agentsPage(app, request, { register }),
    })
  })
}
