import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { agentsPage } from '../agents/list-page.ts'
import { presentRegisterForm } from '../agents/register-form.ts'
import { readCredentialForm, withLoginTaken, withoutEmpty } from '../credentials/request.ts'
import { routes } from '../http/paths.ts'
import { respond } from '../http/respond.ts'
import { diagnosisAsJson, presentDiagnosis } from './diagnosis.ts'
import { testUrl } from './schemas.ts'

export const doctorRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(routes.testUrl, { config: { needs: 'operator' }, schema: testUrl }, async (request, reply) => {
    const { instead, ...sent } = request.body
    const typed = withLoginTaken(typeof instead !== 'string' ? sent : { ...sent, agent_url: instead })
    const access = readCredentialForm(typed, undefined)
    const diagnosis = await request.orchestrator.diagnose(typed.agent_url, typed.agent_id, withoutEmpty(access))
    const register = presentRegisterForm(typed, { test: { diagnosis, present: presentDiagnosis } })
    return respond(request, reply, {
      json: () => diagnosisAsJson(diagnosis),
      partial: () => ['agents/_register', register],
      page: () => agentsPage(app, request, { register }),
    })
  })
}
