import type { FastifyReply, FastifyRequest } from 'fastify'
import { InvalidInputError } from '../../shared/errors.ts'

const maxWaitSeconds = 300
const maxKeyLength = 255

/** The key under which a script wants one run and no more. Throws InvalidInputError when it is too long. */
export function idempotencyKey({ headers }: FastifyRequest): { scope: 'api'; value: string } | undefined {
  const value = headers['idempotency-key']
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length <= maxKeyLength) return { scope: 'api', value }
  throw new InvalidInputError([
    { field: 'Idempotency-Key', message: `An Idempotency-Key may have at most ${maxKeyLength} characters.` },
  ])
}

/**
 * How many milliseconds a script wants to wait for the end of what it asks for (`Prefer: wait=20`, RFC 7240), at most
 * five minutes; the answer then says for how long we do. Undefined when it does not want to.
 */
export function preferredWait({ headers }: FastifyRequest, reply: FastifyReply): number | undefined {
  const preferences = [headers.prefer ?? []].flat().join(',').split(',')
  const wait = preferences.map((one) => /^\s*wait\s*=\s*"?(\d+)"?\s*$/i.exec(one)?.[1]).find((one) => one !== undefined)
  if (wait === undefined) return undefined
  const seconds = Math.min(Number(wait), maxWaitSeconds)
  reply.header('preference-applied', `wait=${seconds}`)
  return seconds * 1000
}
