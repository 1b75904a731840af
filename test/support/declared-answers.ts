import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { problem } from '../../src/web/http/answers.ts'
import { payload as anyJson } from '../../src/web/http/schemas.ts'

type Declared = Record<string, { content?: Record<string, { schema: z.ZodType }> } | undefined>

/** For `onAnswer`: JSON that does not match what its route declares fails the request, and so the test. */
export async function expectDeclared(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const type = String(reply.getHeader('content-type') ?? '').split(';')[0]!
  const { schema, url, method } = request.routeOptions
  if (!type.endsWith('json') || typeof payload !== 'string' || schema === undefined) return payload
  const declared = schemaOf(schema.response as Declared, reply.statusCode, type)
  if (!declared) throw new Error(`${method} ${url} answers ${reply.statusCode} ${type}, which is not declared`)
  // What an agent sent may hold Python's NaN.
  if (declared === anyJson) return payload
  const read = declared.safeParse(JSON.parse(payload))
  if (read.success) return payload
  throw new Error(`${method} ${url} answers ${reply.statusCode} not as declared: ${read.error.message}\n${payload}`)
}

/** The document says of every route that it may answer with a problem. */
function schemaOf(response: Declared = {}, status: number, type: string): z.ZodType | undefined {
  return response[status]?.content?.[type]?.schema ?? (type === 'application/problem+json' ? problem : undefined)
}
