import type { FastifyInstance, FastifySchemaCompiler, FastifyServerOptions, RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import type { z } from 'zod'
import { NotFoundError } from '../../shared/errors.ts'
import type { Role } from '../../shared/role.ts'
import { invalidInput, inWords } from '../http/invalid-input.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    needs?: Role
  }
}

/** The program does not start with a route that declares no answer, or not what it needs. Comes before all routes. */
export const declaredRoutes = plugin(async (app: FastifyInstance) => {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const bare = routes.filter(({ schema, config }) => config?.needs === undefined || !declaresAnswers(schema))
    const names = bare.map(({ method, url }) => `${[method].flat().join(', ')} ${url}`)
    if (names.length > 0) throw new Error(`These routes declare no answer, or not what they need: ${names.join('; ')}.`)
  })
})

function declaresAnswers({ hide, response }: RouteOptions['schema'] & object = {}): boolean {
  return hide === true || Object.keys(response ?? {}).length > 0
}

/** Requests are read by their route's zod schemas. Answers are not: a serializer that parses them would lose digits
 * beyond 2^53. Tests check them. Given to Fastify when it is made, so that it does not load compilers of its own. */
export const schemaController: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: () => readRequest as never, buildSerializer: () => () => JSON.stringify },
}

const readRequest: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart, url = '' }) =>
  (given) => {
    const read = schema.safeParse(given ?? {}, { error: inWords })
    if (read.success) return { value: read.data }
    return { error: httpPart === 'params' ? noPage(url, given) : invalidInput(read.error, schema) }
  }

function noPage(route: string, params: Record<string, string>): NotFoundError {
  return new NotFoundError(
    'page',
    route.replace(/:(\w+)/g, (_, name) => encodeURIComponent(params[name]!)),
  )
}
