import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { isJsonBody } from '../plugins/bodies.ts'
import { isPartialRequest } from './htmx.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Only clients that name HTML get a page there. */
    isForPrograms?: boolean
  }
}

export type View = readonly [template: string, model: object]

export type Answers = {
  json: () => unknown
  partial?: () => View
  page: () => View | Promise<View>
}

const html = 'text/html'
const json = 'application/json'
const preferred = (request: FastifyRequest, types: string[]) => new Negotiator(request).mediaType(types)

/** Clients without a preference (curl) get a page, except where `isForPrograms`. */
export function prefersJson(request: FastifyRequest): boolean {
  if (isPartialRequest(request)) return false
  if (request.routeOptions.config?.isForPrograms) return preferred(request, [json, html]) !== html
  const accept = request.headers.accept
  if (accept !== undefined && accept.trim() !== '*/*') return preferred(request, [html, json]) === json
  return request.method === 'DELETE' || isJsonBody(request)
}

export async function respond(request: FastifyRequest, reply: FastifyReply, answers: Answers): Promise<FastifyReply> {
  if (!reply.hasHeader('vary')) reply.header('vary', 'accept, hx-request, cookie')
  if (prefersJson(request)) return reply.send(answers.json())
  const [template, model] = isPartialRequest(request) && answers.partial ? answers.partial() : await answers.page()
  return reply.view(template, model)
}

/** JSON that was written elsewhere, so that payloads keep their digits. */
export function sendJsonText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text)
}

export function sendHtml(reply: FastifyReply, html: Buffer): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(html)
}
