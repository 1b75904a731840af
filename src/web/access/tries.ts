import { hash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import rateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from '../../orchestrator/access/access.ts'
import { AppError } from '../../shared/errors.ts'

const timeWindow = 5 * 60_000
const perAddress = 20
const perName = 10

/** Counts a try; throws when there were too many. */
type CountTry = (request: FastifyRequest, reply: FastifyReply) => Promise<void>
export type Tries = { ofAddress: CountTry; ofName: CountTry }

/** Every try counts before it is decided, so that many at once are no way around. Dashboards on one database count together. Nothing is counted for longer than minutes. */
export async function limitTries(
  app: FastifyInstance,
  counts: Access['counts'],
  nameOf: (request: FastifyRequest) => string,
): Promise<Tries> {
  await app.register(rateLimit, { global: false, ...(counts && { store: storeIn(counts) }) })
  const limit = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow, keyGenerator })
  const address = limit(perAddress, ({ ip }) => `address ${whoseAddress(ip)}`)
  const name = limit(perName, (request) => `name ${nameOf(request)}`)

  const countWith =
    (count: typeof address): CountTry =>
    async (request, reply) => {
      const limit = await count(request)
      if (limit.isAllowed || !limit.isExceeded) return
      reply.header('retry-after', limit.ttlInSeconds)
      const minutes = Math.ceil(limit.ttlInSeconds / 60)
      throw new AppError(
        'too-many-tries',
        429,
        `Too many tries. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
      )
    }
  return { ofAddress: countWith(address), ofName: countWith(name) }
}

/** What is typed as a name may be a password: only hashes are kept. */
function storeIn(counts: NonNullable<Access['counts']>): FastifyRateLimitStoreCtor {
  return class SharedTries implements FastifyRateLimitStore {
    incr(key: string, callback: Parameters<FastifyRateLimitStore['incr']>[1]): void {
      counts.count(`try ${hash('sha256', key, 'base64url')}`, timeWindow).then(
        ({ times, leftMs }) => callback(null, { current: times, ttl: leftMs }),
        (error) => callback(error),
      )
    }

    child() {
      return this
    }
  }
}

/** Whoever has one address of IPv6 has as many as they like: all that begin with the same 64 bits. */
function whoseAddress(ip: string): string {
  if (!isIPv6(ip) || ip.includes('.')) return ip
  const [before = [], after = []] = ip.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}
