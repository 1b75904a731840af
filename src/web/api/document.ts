import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { description, version } from '../../version.ts'
import { problem } from '../http/answers.ts'

type Transform = typeof jsonSchemaTransform
type Given = Parameters<Transform>[0]

/** Collects the routes that follow; `app.swagger()` makes the OpenAPI document of them. */
export const apiDocument = plugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Configurable Agents', description, version },
      servers: [{ url: '/' }],
    },
    transform,
    transformObject: jsonSchemaTransformObject,
  })
})

const anyProblem = {
  description: 'Every other failure',
  content: { 'application/problem+json': { schema: problem } },
}

/** The library reads one body per route; ours may differ by content type. */
const transform: Transform = (given) => {
  const { body, ...schema } = given.schema ?? {}
  if (schema.hide) return jsonSchemaTransform(given)
  const response = { ...(schema.response as object), default: anyProblem }
  const bodies = (body as { content?: Record<string, { schema: z.ZodType }> } | undefined)?.content
  const read = jsonSchemaTransform({
    ...given,
    schema: { ...schema, response, ...(body !== undefined && bodies === undefined && { body }) },
  } as Given)
  if (bodies === undefined) return read
  const content = Object.fromEntries(
    Object.entries(bodies).map(([type, { schema: one }]) => [type, { schema: bodyOf(given, one) }]),
  )
  return { ...read, schema: { ...read.schema, body: { content } } }
}

function bodyOf(given: Given, body: z.ZodType) {
  return jsonSchemaTransform({ ...given, schema: { body } } as Given).schema.body
}
