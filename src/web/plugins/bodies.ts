import formbody from '@fastify/formbody'
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { AppError } from '../../shared/errors.ts'
import { scanJson } from '../../shared/json/scan.ts'
import { jsonError, presentExcess } from '../../shared/json.ts'
import { repeatedField } from '../http/repeated-fields.ts'

declare module 'fastify' {
  interface FastifyRequest {
    jsonText: string
  }
}

/** Parses JSON and forms. Plain text is refused: any web page may send it here. An empty JSON body counts as none. */
export const bodies = plugin(async (app: FastifyInstance, { maxBytes }: { maxBytes: number }) => {
  app.removeAllContentTypeParsers()
  app.decorateRequest('jsonText', '')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: string | Buffer) => {
      const text = utf8Text(body as Buffer)
      if (text.trim() === '') return undefined
      refuseUnreadable(text)
      const repeated = repeatedField(text)
      if (repeated) throw repeated
      request.jsonText = text
      return JSON.parse(text)
    },
  )
  await app.register(formbody, {
    parser: (text) => readFields(text, maxBytes),
    bodyLimit: maxBytes * encodedBytes,
  })
  app.addHook('preParsing', (request, _reply, _payload, done) => done(refusedCharset(request)))
})

function refuseUnreadable(text: string): void {
  const { problem } = scanJson(text)
  if (problem === undefined) return
  if (problem.kind === 'syntax') throw new AppError('invalid-json', 400, jsonError(text)!)
  throw new AppError('too-complex', 413, `${presentExcess(problem.kind)} Send less at a time.`)
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const notUtf8 = () => new AppError('not-utf8', 400, 'The body is not UTF-8 text. Encode it as UTF-8 and send it again.')

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

/** Tools that declare JSON as a form, with or without a shell's quotes. */
const json = /^\s*(?:['"]\s*)?[{[]/

const maxFields = 50_000

function readFields(text: string, maxBytes: number): Record<string, unknown> {
  if (json.test(text)) {
    throw new AppError(
      'json-as-form',
      415,
      'This looks like JSON, but was sent as a form. Add the header "content-type: application/json".',
    )
  }
  if (hasMoreThan(maxFields, text)) {
    const max = maxFields.toLocaleString('en-US')
    throw new AppError('too-complex', 413, `A form can have at most ${max} fields. Send less at a time.`)
  }
  // Node's parser breaks a lone "%" beside other scripts.
  const encoded = text.replace(loosePercent, '%25')
  const fields: Record<string, string | string[]> = Object.create(null)
  let bytes = 0
  let isUnclear = text.includes('\ufffd')
  for (const [name, value] of new URLSearchParams(encoded)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + 2
    isUnclear ||= name.includes('\ufffd') || value.includes('\ufffd')
    const before = fields[name]
    if (Array.isArray(before)) before.push(value)
    else fields[name] = before === undefined ? value : [before, value]
  }
  if (Math.min(bytes, text.length) > maxBytes) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
  if (isUnclear && (text.includes('\ufffd') || !isUtf8(encoded))) throw notUtf8()
  return fields
}

const loosePercent = /%(?![\da-f]{2})/gi

const encodedBytes = 3

function hasMoreThan(fields: number, text: string): boolean {
  let left = fields
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) if (--left <= 0) return true
  return false
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
