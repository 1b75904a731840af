import swagger from '@fastify/swagger'
import { type FastifyContextConfig, fastify, type RouteOptions } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { description, version } from '../../version.ts'
import { problem, problems } from '../http/answers.ts'
import { sessionCookie } from '../http/cookies/session.ts'
import { documentedSchema } from '../http/schemas.ts'
import { schemaController } from '../plugins/schemas.ts'
import type { ApiDocument } from './description.ts'
import { tidied } from './tidied.ts'

type Transform = ReturnType<typeof createJsonSchemaTransform>
type Given = Parameters<Transform>[0]

/** In the order of the page. */
const tags = [
  { name: 'Agents', description: 'Who is registered, how they are, and what they take' },
  { name: 'Runs', description: 'One run, and reports of runs that programs carry out themselves' },
  { name: 'History', description: 'Runs found again' },
  { name: 'Bulk actions', description: 'One action on many runs' },
  { name: 'Saved views', description: 'Filters that people keep' },
  { name: 'Overview', description: 'How the agents and the last day are' },
  { name: 'Registry', description: 'For agents that register themselves, as the Python program does it' },
  { name: 'Access', description: 'Who may use the dashboard' },
  { name: 'Audit', description: 'Who did what, and when' },
  { name: 'Dashboard', description: 'The dashboard itself' },
]

/** Of the routes that the dashboard has, with the schemas by which it reads requests. */
export async function makeDocument(declared: RouteOptions[], publicUrl: string): Promise<ApiDocument> {
  const app = fastify({ schemaController, exposeHeadRoutes: false })
  await app.register(swagger, {
    // Else it would shorten routes that begin like the path of the public URL.
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Configurable Agents', description, version },
      servers: [{ url: publicUrl || '/' }],
      tags,
      components: { securitySchemes },
    },
    transform,
    transformObject: (given) => tidied(allComponents(given) as ApiDocument),
  })
  for (const { method, url, schema = {}, config = {} } of declared)
    app.route({ method, url, schema, config, handler: () => undefined })
  await app.ready()
  return app.swagger() as unknown as ApiDocument
}

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of the settings. A dashboard without users needs none.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookie,
    description: 'Comes with the answer to a login. Changes are refused where they come from other web pages.',
  },
} as const

/** What zod adds to every time and whole number says nothing to people. It drops examples of what is transformed. */
const zodToJsonConfig = {
  override: ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Record<string, unknown> }) => {
    const { examples } = z.globalRegistry.get(zodSchema) ?? {}
    if (examples !== undefined && jsonSchema.$ref === undefined) jsonSchema.examples = examples
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  },
}
const jsonSchemaTransform = createJsonSchemaTransform({ zodToJsonConfig })
const allComponents = createJsonSchemaTransformObject({ zodToJsonConfig })

const anyProblem = {
  description: 'Every other failure',
  content: { 'application/problem+json': { schema: problem } },
}

const notSaved = problems(503, 507)
const notAdmitted = problems(401, 403)

/** OpenAPI lets the names of roles stand there. */
function securityOf({ needs = 'viewer', isForAgents = needs === 'agent' }: FastifyContextConfig = {}) {
  if (needs === 'anyone') return []
  const role = needs === 'agent' ? 'admin' : needs
  return [...(isForAgents ? [{ bearer: ['registration'] }] : []), { bearer: [role] }, { session: [role] }, {}]
}

/** The library reads one body per route; ours may differ by content type. */
const transform: Transform = (given) => {
  const { body, querystring, ...schema } = given.schema ?? {}
  if (schema.hide) return jsonSchemaTransform(given)
  const isChange = given.route.method !== 'GET'
  const role = given.route.config?.needs
  const failures = { ...(role !== 'anyone' && notAdmitted), ...(isChange && notSaved) }
  const response = { ...failures, ...(schema.response as object), default: anyProblem }
  const needs = { 'x-needs': role, security: schema.security ?? securityOf(given.route.config) }
  const bodies = (body as { content?: Record<string, { schema: z.ZodType }> } | undefined)?.content
  const shown = {
    querystring: querystring && documentedSchema(querystring as z.ZodType),
    body: body && bodies === undefined ? documentedSchema(body as z.ZodType) : undefined,
  }
  const read = jsonSchemaTransform({ ...given, schema: { ...schema, ...needs, response, ...shown } } as Given)
  if (bodies === undefined) return read
  const documented = Object.entries(bodies).filter(([, { schema: one }]) => documentedSchema(one) !== undefined)
  const content = Object.fromEntries(
    documented.map(([type, { schema: one }]) => [type, { schema: bodyOf(given, one) }]),
  )
  return { ...read, schema: { ...read.schema, body: { content } } }
}

function bodyOf(given: Given, body: z.ZodType) {
  return jsonSchemaTransform({ ...given, schema: { body: documentedSchema(body) } } as Given).schema.body
}
