import type { FastifyReply, FastifyRequest } from 'fastify'
import { isJsonBody } from '../plugins/bodies.ts'
import { isPartialRequest } from './htmx.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Only who asks for HTML by name is a person there. */
    isForPrograms?: boolean
  }
}

/** A template and what it prints. */
export type View = readonly [template: string, model: object]

export type Answers = {
  /** The public JSON; only made when it is asked for. */
  json: () => unknown
  /** The region of the page that htmx asked for. */
  partial?: () => View
  page: () => View | Promise<View>
}

/**
 * Whether a request would rather have JSON. Who says neither (curl does not) gets a page, except where the request
 * itself is one that only programs make.
 */
export function prefersJson(request: FastifyRequest): boolean {
  if (isPartialRequest(request)) return false
  if (request.routeOptions.config?.isForPrograms) return request.accepts().type(['json', 'html']) !== 'html'
  const accept = request.headers.accept
  if (accept !== undefined && accept.trim() !== '*/*') return request.accepts().type(['html', 'json']) === 'json'
  return request.method === 'DELETE' || isJsonBody(request)
}

/** Picks JSON, partial or page. The status code is the reply's. */
export async function respond(request: FastifyRequest, reply: FastifyReply, answers: Answers): Promise<FastifyReply> {
  reply.header('vary', 'accept, hx-request')
  if (prefersJson(request)) return reply.send(answers.json())
  const [template, model] = isPartialRequest(request) && answers.partial ? answers.partial() : await answers.page()
  return reply.view(template, model)
}
