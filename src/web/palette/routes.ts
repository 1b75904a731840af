import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isPartialRequest } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { presentPalette } from './results.ts'

const maxTyped = 200
const query = z.object({ q: z.string().catch('') })

export async function paletteRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.palette, { config: { isPolled: true } }, async (request, reply) => {
    const { q } = query.parse(request.query)
    if (!isPartialRequest(request)) return reply.redirect(paths.runs(q === '' ? '' : { q }))
    const typed = q.slice(0, maxTyped)
    const found = await orchestrator.palette(typed)
    return reply.view('palette/_list', presentPalette(found, q, request.times, orchestrator.newToken()))
  })
}
