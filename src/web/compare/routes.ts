import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import { readInput } from '../http/input.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { comparisonAsJson, presentChoice, presentComparison } from './page.ts'

const id = z.union([z.string(), z.array(z.string()).transform((ids) => ids.at(-1) ?? '')]).catch('')
/** A list with two selected runs sends `run` twice. */
const query = z.object({
  a: id,
  b: id,
  run: z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]),
})

export async function compareRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const { comparison } = orchestrator

  app.get(routes.compare, async (request, reply) => {
    // People with an old link choose runs; programs learn which field is misspelt.
    const asked = prefersJson(request) ? query.strict() : query
    const { a, b, run } = readInput(asked, request.query, { '': 'Give the ids of two runs.' })
    // Lists have the newest on top.
    const ids = { a: a || (run[1] ?? ''), b: b || (run[0] ?? '') }
    if (run.length > 2) throw new InvalidInputError([{ field: 'run', message: 'Only two runs can be compared.' }])
    const isAsked = prefersJson(request) || (ids.a !== '' && ids.b !== '')
    if (!isAsked) return choose(request, reply, ids)
    try {
      const compared = await comparison.compare(ids.a, ids.b)
      if (prefersJson(request)) {
        return reply.type('application/json; charset=utf-8').send(comparisonAsJson(compared))
      }
      const compare = presentComparison(compared, request.times)
      return respond(request, reply, {
        json: () => undefined,
        page: () => ['compare/compare', { title: 'Compare two runs', section: 'runs', compare }],
      })
    } catch (error) {
      if (!(error instanceof AppError) || error.fields.length === 0 || prefersJson(request)) throw error
      return choose(request, reply.code(error.status), ids, error)
    }
  })

  async function choose(request: FastifyRequest, reply: FastifyReply, ids: { a: string; b: string }, error?: AppError) {
    const chosen = (await comparable(ids.b)) ?? (await comparable(ids.a))
    const choice = presentChoice(ids, chosen, error, request.times)
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['compare/_choose', { choice }],
      page: () => ['compare/choose', { title: 'Compare two runs', section: 'runs', choice }],
    })
  }

  async function comparable(id: string) {
    try {
      return id === '' ? undefined : await comparison.with(id)
    } catch (error) {
      if (error instanceof NotFoundError) return undefined
      throw error
    }
  }
}
