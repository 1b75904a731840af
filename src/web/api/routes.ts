import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { json } from '../http/answers.ts'
import { routes } from '../http/paths.ts'

export const apiRoutes: FastifyPluginAsyncZod = async (app) => {
  let text: string | undefined

  app.get(
    routes.openApi,
    {
      config: { needs: 'viewer' },
      schema: {
        tags: ['This API'],
        summary: 'This document',
        response: { 200: json('OpenAPI 3.1', z.looseObject({ openapi: z.string() })) },
      },
    },
    async (_request, reply) => {
      text ??= JSON.stringify(app.swagger())
      return reply.type('application/json; charset=utf-8').send(text as never)
    },
  )
}
