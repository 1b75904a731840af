import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { AppError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond, sendJsonText } from '../http/respond.ts'
import { comparisonAsJson, presentChoice, presentComparison } from './page.ts'
import { compareRuns } from './schemas.ts'

export const compareRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.compare, { config: { needs: 'viewer' }, schema: compareRuns }, async (request, reply) => {
    const { a, b, run } = request.query
    // Lists have the newest on top.
    const ids = { a: a || (run[1] ?? ''), b: b || (run[0] ?? '') }
    if (run.length > 2) throw new InvalidInputError([{ field: 'run', message: 'Only two runs can be compared.' }])
    const isAsked = prefersJson(request) || (ids.a !== '' && ids.b !== '')
    if (!isAsked) return choose(request, reply, ids)
    try {
      const compared = await request.orchestrator.comparison.compare(ids.a, ids.b)
      if (prefersJson(request)) return sendJsonText(reply, comparisonAsJson(compared))
      const compare = presentComparison(compared, request.times)
      return respond(request, reply, {
        json: () => undefined,
        page: () => ['compare/compare', { title: 'Compare two runs', section: 'runs', compare }],
      })
    } catch (error) {
      if (!(error instanceof AppError) || error.fields.length === 0 || prefersJson(request)) throw error
      return choose(request, reply, ids, error)
    }
  })

  async function choose(request: FastifyRequest, reply: FastifyReply, ids: { a: string; b: string }, error?: AppError) {
    const chosen = (await comparable(request, ids.b)) ?? (await comparable(request, ids.a))
    const choice = presentChoice(ids, chosen, error, request.times)
    if (error) reply.code(error.status)
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['compare/_choose', { choice }],
      page: () => ['compare/choose', { title: 'Compare two runs', section: 'runs', choice }],
    })
  }

  async function comparable({ orchestrator }: FastifyRequest, id: string) {
    try {
      return id === '' ? undefined : await orchestrator.comparison.with(id)
    } catch (error) {
      if (error instanceof NotFoundError) return undefined
      throw error
    }
  }
}
