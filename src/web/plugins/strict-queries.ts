import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import type { z } from 'zod'
import { InvalidInputError } from '../../shared/errors.ts'
import { unknownFields } from '../../shared/fields/names.ts'
import { invalidInput, inWords } from '../http/invalid-input.ts'
import { prefersJson } from '../http/respond.ts'
import { strictSchema } from '../http/schemas.ts'

/** Comes before the routes. */
export const strictQueries = plugin(async (app: FastifyInstance) => {
  app.addHook('onRoute', (route: RouteOptions) => {
    const query = route.schema?.querystring as z.ZodType | undefined
    if (query === undefined) return
    const schema = strictSchema(query)
    const check = (request: FastifyRequest, _: unknown, done: (error?: Error) => void) => {
      if (!prefersJson(request)) return done()
      const read = schema?.safeParse(request.query, { error: inWords })
      done(read?.error ? invalidInput(read.error, schema!) : unseen(request.query as object))
    }
    route.preValidation = [route.preValidation ?? [], check].flat()
  })
})

/** zod leaves it out of what it reads. */
function unseen(query: object): InvalidInputError | undefined {
  const errors = unknownFields(Object.hasOwn(query, '__proto__') ? ['__proto__'] : [], [])
  return errors.length === 0 ? undefined : new InvalidInputError(errors)
}
