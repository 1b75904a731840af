import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { routes } from '../http/paths.ts'
import { sendJsonText } from '../http/respond.ts'
import { presentApi } from './page.ts'
import { showDocument, showPage } from './schemas.ts'

export const apiRoutes: FastifyPluginAsyncZod<{ publicUrl: string }> = async (app, { publicUrl }) => {
  const reads = { needs: 'viewer' } as const
  let text: string | undefined

  app.get(routes.openApi, { config: reads, schema: showDocument }, async (_request, reply) => {
    text ??= JSON.stringify(await app.apiDocument())
    return sendJsonText(reply, text)
  })

  app.get(routes.apiPage, { config: reads, schema: showPage }, async (request, reply) => {
    const url = publicUrl || `${request.protocol}://${request.host}`
    const groups = presentApi(await app.apiDocument(), url)
    return reply.view('api/page', { title: 'API', section: 'system', groups })
  })
}
