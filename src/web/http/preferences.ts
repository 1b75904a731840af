import type { FastifyReply, FastifyRequest } from 'fastify'
import { InvalidInputError } from '../../shared/errors.ts'
import { readTraceparent, type TraceContext } from '../../shared/text/traceparent.ts'

const maxWaitSeconds = 300
const maxKeyLength = 255

export function idempotencyKey({ headers }: FastifyRequest): { scope: 'api'; value: string } | undefined {
  const value = headers['idempotency-key']
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length <= maxKeyLength) return { scope: 'api', value }
  throw new InvalidInputError([
    { field: 'Idempotency-Key', message: `An Idempotency-Key may have at most ${maxKeyLength} characters.` },
  ])
}

/** Of a caller that is in a trace itself. */
export function callersTrace({ headers }: FastifyRequest): TraceContext | undefined {
  return readTraceparent([headers.traceparent].flat().join())
}

/** The milliseconds of `Prefer: wait=20` (RFC 7240), at most five minutes. */
export function preferredWait({ headers }: FastifyRequest, reply: FastifyReply): number | undefined {
  const preferences = [headers.prefer ?? []].flat().join(',').split(',')
  const wait = preferences.map((one) => /^\s*wait\s*=\s*"?(\d+)"?\s*$/i.exec(one)?.[1]).find((one) => one !== undefined)
  if (wait === undefined) return undefined
  const seconds = Math.min(Number(wait), maxWaitSeconds)
  reply.header('preference-applied', `wait=${seconds}`)
  return seconds * 1000
}
