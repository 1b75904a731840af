import { parse as parseFields } from 'node:querystring'
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
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: string | Buffer) => {
      const text = utf8Text(body as Buffer)
      if (text.trim() === '') return undefined
      const mistake = jsonMistake(text)
      if (mistake !== undefined) throw new AppError('invalid-json', 400, mistake)
      request.jsonText = text
      return JSON.parse(text)
    },
  )
  await app.register(formbody, { parser: readFields })
  app.addHook('preParsing', (request, _reply, _payload, done) => done(refusedCharset(request)))
})

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const notUtf8 = () => new AppError('not-utf8', 400, 'The body is not UTF-8 text. Encode it as UTF-8 and send it again.')

/** Without a byte order mark, which some editors and shells put in front. */
function utf8Text(body: Buffer): string {
  try {
    return strictUtf8.decode(body)
  } catch {
    throw notUtf8()
  }
}

const charsetParameter = /;\s*charset\s*=\s*"?([^\s;"]+)/i
const understood = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

function refusedCharset({ headers }: FastifyRequest): AppError | undefined {
  const declared = charsetParameter.exec(headers['content-type'] ?? '')?.[1]
  if (declared === undefined || understood.has(declared.toLowerCase())) return undefined
  return new AppError('not-utf8', 415, 'Only UTF-8 is understood. Encode the body as UTF-8 and send it again.')
}

/** What tools send that call a body a form unless they are told otherwise: JSON, with or without the quotes of a shell. */
const json = /^\s*['"]?\s*[{[]/

function readFields(text: string): Record<string, unknown> {
  if (json.test(text)) {
    throw new AppError(
      'json-as-form',
      415,
      'This looks like JSON, but was sent as a form. Add the header "content-type: application/json".',
    )
  }
  // A percent sign that encodes nothing means itself.
  const encoded = text.replace(/%(?![\da-f]{2})/gi, '%25')
  if (text.includes('\ufffd') || !isUtf8(encoded)) throw notUtf8()
  return parseFields(encoded, '&', '=', { maxKeys: 0 })
}

function isUtf8(encoded: string): boolean {
  try {
    decodeURIComponent(encoded)
    return true
  } catch {
    return false
  }
}

export function isJsonBody({ headers }: FastifyRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '')
}
