import type { FastifyInstance, InjectOptions } from 'fastify'

/** What a Python agent says of itself when it registers. */
export const announcement = {
  agent_id: 'writer',
  agent_name: 'Article Writer',
  host: 'localhost',
  port: 8001,
  ttl_seconds: 60,
  metadata: '{"model": "gemini", "n": 1.0}',
}

/** A request as httpx and requests make it: they accept anything, and say nothing of a body where there is none. */
export async function asPython(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  body?: unknown,
  more: Pick<InjectOptions, 'headers' | 'payload'> = {},
) {
  const headers = { accept: '*/*', ...(body !== undefined && { 'content-type': 'application/json' }), ...more.headers }
  const payload = body === undefined ? more.payload : JSON.stringify(body)
  const response = await app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
  return {
    status: response.statusCode,
    type: String(response.headers['content-type']).split(';')[0],
    text: response.payload,
    // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
    json: JSON.parse(response.payload) as any,
  }
}

/** Registers an agent as it does so itself. */
export const announce = (app: FastifyInstance, more: Partial<Record<keyof typeof announcement, unknown>> = {}) =>
  asPython(app, 'POST', '/agents/register', { ...announcement, ...more })
