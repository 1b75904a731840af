import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { AppError } from '../errors.ts'
import { jsonMistake } from '../json.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The text of a JSON body, for what has to be passed on to the byte. */
    jsonText: string
  }
}

/**
 * Which bodies are understood: JSON and forms. Plain text is not, as any web page may send that here unasked. A body
 * that is announced as JSON and empty counts as none: many clients do that on DELETE.
 */
export const bodies = plugin(async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers()
  app.decorateRequest('jsonText', '')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (request: FastifyRequest, body: string | Buffer) => {
      const text = String(body)
      if (text.trim() === '') return undefined
      const mistake = jsonMistake(text)
      if (mistake !== undefined) throw new AppError('invalid-json', 400, mistake)
      request.jsonText = text
      return JSON.parse(text)
    },
  )
  await app.register(formbody)
})

export function isJsonBody({ headers }: FastifyRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '')
}
