import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { isPartialRequest } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { settingsPath } from '../http/settings-path.ts'
import { presentPalette } from './results.ts'
import { showPalette } from './schemas.ts'

const maxTyped = 200
const polled = { needs: 'viewer', isPolled: true } as const

export const paletteRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.palette, { config: polled, schema: showPalette }, async (request, reply) => {
    const { q } = request.query
    if (!isPartialRequest(request)) return reply.redirect(paths.runs(q === '' ? '' : { q }))
    const typed = q.slice(0, maxTyped)
    const found = await request.orchestrator.palette(typed, request.actor)
    const asked = {
      times: request.times,
      token: request.orchestrator.newToken(),
      role: request.actor.role,
      settingsPath: settingsPath(request),
    }
    return reply.view('palette/_list', presentPalette(found, q, asked))
  })
}
