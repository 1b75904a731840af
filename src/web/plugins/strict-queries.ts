import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import type { z } from 'zod'
import { invalidInput, inWords } from '../http/invalid-input.ts'
import { prefersJson } from '../http/respond.ts'
import { strictSchema } from '../http/schemas.ts'

/** Comes before the routes. */
export const strictQueries = plugin(async (app: FastifyInstance) => {
  app.addHook('onRoute', (route: RouteOptions) => {
    const query = route.schema?.querystring as z.ZodType | undefined
    const schema = query && strictSchema(query)
    if (schema === undefined) return
    const check = (request: FastifyRequest, _: unknown, done: (error?: Error) => void) => {
      const read = prefersJson(request) ? schema.safeParse(request.query, { error: inWords }) : undefined
      done(read?.error && invalidInput(read.error, schema))
    }
    route.preValidation = [route.preValidation ?? [], check].flat()
  })
})
