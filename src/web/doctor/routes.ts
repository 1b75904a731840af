import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { sendEditForm } from '../agents/edit.ts'
import { agentsPage } from '../agents/list-page.ts'
import { presentRegisterForm } from '../agents/register-form.ts'
import { forTest, readCredentialForm, withLoginTaken, withoutEmpty } from '../credentials/request.ts'
import { routes } from '../http/paths.ts'
import { respond } from '../http/respond.ts'
import { diagnosisAsJson, presentDiagnosis } from './diagnosis.ts'
import { testAgentEdit, testUrl } from './schemas.ts'

export const doctorRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(routes.testUrl, { config: { needs: 'operator' }, schema: testUrl }, async (request, reply) => {
    const typed = withLoginTaken(forTest(request.body))
    const access = readCredentialForm(typed, undefined)
    const diagnosis = await request.orchestrator.diagnose(typed.agent_url, typed.agent_id, withoutEmpty(access))
    const register = presentRegisterForm(typed, { test: { diagnosis, present: presentDiagnosis } })
    return respond(request, reply, {
      json: () => diagnosisAsJson(diagnosis),
      partial: () => ['agents/_register', register],
      page: () => agentsPage(app, request, { register }),
    })
  })
  app.post(routes.testAgentEdit, { config: { needs: 'admin' }, schema: testAgentEdit }, async (request, reply) => {
    const { id } = request.params
    const typed = withLoginTaken(forTest(request.body))
    const diagnosis = await request.orchestrator.diagnose(typed.agent_url, id, readCredentialForm(typed, null))
    const test = { diagnosis, shown: presentDiagnosis(diagnosis, []) }
    return sendEditForm(request, reply, { id, query: request.query, outcome: { typed, test } })
  })
}
