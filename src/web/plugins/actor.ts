import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Credential, Identity } from '../../orchestrator/access/identify.ts'
import { type Actor, nobody } from '../../shared/actor.ts'
import { ForbiddenError, LoginNeededError } from '../../shared/errors.ts'
import { includesRole, type Role } from '../../shared/role.ts'
import { sessionCookie } from '../http/session-cookie.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Who a request is from, by its cookie or token; undefined where it shows neither, or none that is valid. */
    identityOf(request: FastifyRequest): Identity | undefined | Promise<Identity | undefined>
  }
  interface FastifyRequest {
    /** Nobody where the route needs no one. */
    readonly actor: Actor
    admitted: Actor | undefined
    /** Undefined where no login was needed. */
    identity: Identity | undefined
  }
}

const bearer = /^Bearer +(ca_[\w-]+) *$/i

/** A request with a token of ours is no web page's: those cannot send it. */
export function tokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return headers.authorization === undefined ? undefined : bearer.exec(headers.authorization)?.[1]
}

/** Knows who asks, and refuses what their role does not allow: each route says what it needs. */
export const actors = plugin(async (app: FastifyInstance) => {
  const { access } = app.orchestrator
  // Without a hook: most requests have no cookie of ours.
  await app.register(cookie, { hook: false })
  app.decorateRequest('admitted', undefined)
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      return this.admitted ?? nobody
    },
  })
  app.decorateRequest('identity', undefined)

  function credentialOf(request: FastifyRequest): Credential | undefined {
    const token = tokenOf(request)
    if (token !== undefined) return { kind: 'token', secret: token }
    const header = request.headers.cookie
    if (!header?.includes(sessionCookie)) return undefined
    const secret = app.parseCookie(header)[sessionCookie]
    return secret ? { kind: 'session', secret } : undefined
  }

  app.decorate('identityOf', (request: FastifyRequest) => {
    const credential = credentialOf(request)
    return credential && access.identify(credential)
  })

  async function actorWithout(request: FastifyRequest): Promise<Actor> {
    // A token that is not valid is a mistake to name, also where none is needed.
    const actor = tokenOf(request) === undefined ? await access.anonymous() : undefined
    if (!actor) throw new LoginNeededError(tokenOf(request) && 'This token is not valid, or no longer.')
    return actor
  }

  function admit(request: FastifyRequest, needed: Role, actor: Actor, identity?: Identity): void {
    request.admitted = actor
    request.identity = identity
    const refused = identity?.kind === 'registration' ? needed !== 'agent' : !mayDo(actor, needed)
    if (refused) throw new ForbiddenError(refusalOf(actor, needed))
  }

  async function ask(request: FastifyRequest, needed: Role, asked: Promise<Identity | undefined> | undefined) {
    const identity = await asked
    admit(request, needed, identity?.actor ?? (await actorWithout(request)), identity)
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const needed = request.routeOptions.config?.needs ?? 'viewer'
    if (needed === 'anyone') return done()
    const identity = app.identityOf(request)
    if (identity === undefined || identity instanceof Promise) {
      ask(request, needed, identity).then(() => done(), done)
      return
    }
    // Without a promise: most requests are of somebody who is known.
    try {
      admit(request, needed, identity.actor, identity)
      done()
    } catch (error) {
      done(error as Error)
    }
  })
})

/** Agents that are known by nothing else are registered by who may register. */
function mayDo({ role }: Actor, needed: Role): boolean {
  return needed === 'anyone' || includesRole(role, needed === 'agent' ? 'admin' : needed)
}

function refusalOf({ name, role }: Actor, needed: Role): string {
  if (needed === 'agent') return 'Agents register themselves with a registration token, or by the token of an admin.'
  return `This needs the role ${needed}. ${name} has the role ${role}.`
}
