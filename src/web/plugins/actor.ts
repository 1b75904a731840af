import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { rangesOf } from '../../config/address-ranges.ts'
import type { Login } from '../../config/login.ts'
import type { Config } from '../../config.ts'
import type { Credential, Identity } from '../../orchestrator/access/identify.ts'
import type { Service } from '../../orchestrator/service.ts'
import { type Actor, anyone, nobody } from '../../shared/actor.ts'
import { ForbiddenError, LoginNeededError } from '../../shared/errors.ts'
import { includesRole, type Role } from '../../shared/role.ts'
import { sessionCookie } from '../http/cookies/session.ts'
import { loggedOutHeader } from '../http/htmx.ts'
import { createReadProxied } from '../http/proxy-login.ts'
import { tokenInAddress } from '../http/registry-address.ts'

type WhoAsks = () => Identity | undefined | Promise<Identity | undefined>

declare module 'fastify' {
  interface FastifyInstance {
    /** Who a request is from, by its cookie or token; undefined where it shows neither, or none that is valid. */
    identityOf(request: FastifyRequest): ReturnType<WhoAsks>
    /** The same, to be asked again and again: what the request says is read once. */
    whoAsks(request: FastifyRequest): WhoAsks
  }
  interface FastifyContextConfig {
    /** Answers a registration token too, though others need another role. */
    isForAgents?: boolean
  }
  interface FastifyRequest {
    /** Nobody where the route needs no one. */
    readonly actor: Actor
    admitted: Actor | undefined
    /** Undefined where no login was needed. */
    identity: Identity | undefined
    /** What who asks may call: it knows of their agents alone. */
    readonly orchestrator: Service
  }
}

const bearer = /^Bearer +(ca_[\w-]+) *$/i

/** A request with a token of ours is no web page's: those cannot send it. */
export function tokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return headers.authorization === undefined ? undefined : bearer.exec(headers.authorization)?.[1]
}

type Options = Pick<Config, 'registerFrom'> & Pick<Login, 'proxy'>

/** Knows who asks, and refuses what their role does not allow: each route says what it needs. */
export const actors = plugin(async (app: FastifyInstance, { registerFrom, proxy }: Options) => {
  const { access } = app.orchestrator
  const mayRegisterFrom = rangesOf(registerFrom)
  const readProxied = proxy && createReadProxied(proxy)
  /** By whom somebody is known as, or by the actor where nobody logs in: both stay the same from request to request. */
  const services = new WeakMap<object, Service>()
  // Without a hook: most requests have no cookie of ours.
  await app.register(cookie, { hook: false })
  app.decorateRequest('admitted', undefined)
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      return this.admitted ?? nobody
    },
  })
  app.decorateRequest('identity', undefined)
  app.decorateRequest('orchestrator', {
    getter(this: FastifyRequest) {
      const { actor, identity } = this
      const known = services.get(identity ?? actor)
      if (known) return known
      const role = identity?.kind === 'registration' ? 'agent' : actor.role
      const service = app.orchestrator.for({ role, agents: actor.agents })
      services.set(identity ?? actor, service)
      return service
    },
  })

  app.decorate('identityOf', (request: FastifyRequest) => app.whoAsks(request)())
  app.decorate('whoAsks', (request: FastifyRequest) => {
    const credential = credentialOf(request)
    // Before a cookie: one may be left of somebody else who used the browser.
    const proxied = credential?.kind === 'token' ? undefined : readProxied?.(request)
    const { ip } = request
    if (proxied) return () => access.identifyProxied(proxied, ip)
    return () => credential && access.identify(credential)
  })

  function admit(request: FastifyRequest, needed: Role, actor: Actor, identity?: Identity): void {
    // Who only looks changes nothing that would be recorded: most requests need no actor of their own.
    request.admitted = request.method === 'GET' ? actor : { ...actor, address: request.ip }
    request.identity = identity
    const isAgent = identity?.kind === 'registration'
    if (tokenInAddress(request) !== undefined && !isAgent) throw new LoginNeededError(onlyRegistration)
    if (isAgent ? !isForAgents(request) : !mayDo(actor, needed))
      throw new ForbiddenError(refusalOf(actor, needed, isAgent))
  }

  function admitUnknown(request: FastifyRequest, reply: FastifyReply, needed: Role, actor: Actor | undefined): void {
    const agent = actor && mayDo(actor, needed) ? undefined : agentByAddress(request, mayRegisterFrom)
    if (agent) return void admit(request, needed, agent.actor, agent)
    if (!actor || !mayDo(actor, needed)) throw new LoginNeededError(needed === 'agent' ? registryHint : undefined)
    admit(request, needed, actor)
    // The page of somebody whose session has ended must not become that of anyone.
    if (actor === anyone) reply.header(loggedOutHeader, '1')
  }

  /** Without a promise where who asks is known already: most requests are like that. */
  function ask(request: FastifyRequest, reply: FastifyReply, needed: Role): void | Promise<void> {
    return whenKnown(app.identityOf(request), (identity) => {
      if (identity) return admit(request, needed, identity.actor, identity)
      // A token that is not valid is an error to name, also where none is needed.
      const showsToken = tokenInAddress(request) !== undefined || tokenOf(request) !== undefined
      if (showsToken) throw new LoginNeededError('This token is invalid or has expired.')
      return whenKnown(access.anonymous(), (actor) => admitUnknown(request, reply, needed, actor))
    })
  }

  app.addHook('onRequest', (request, reply, done) => {
    const needed = request.routeOptions.config?.needs ?? 'viewer'
    if (needed === 'anyone') return done()
    let asked: void | Promise<void>
    try {
      asked = ask(request, reply, needed)
    } catch (error) {
      return done(error as Error)
    }
    if (asked) asked.then(() => done(), done)
    else done()
  })
})

function whenKnown<T, R>(value: T | Promise<T>, then: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(then) : then(value)
}

function credentialOf(request: FastifyRequest): Credential | undefined {
  const token = tokenInAddress(request) ?? tokenOf(request)
  if (token !== undefined) return { kind: 'token', secret: token }
  const header = request.headers.cookie
  if (!header?.includes(sessionCookie)) return undefined
  const secret = request.server.parseCookie(header)[sessionCookie]
  return secret ? { kind: 'session', secret } : undefined
}

/** By the address of the socket: what came by a proxy may be from anywhere. */
function agentByAddress(
  { socket: { remoteAddress: name = '' }, headers, routeOptions }: FastifyRequest,
  mayRegister: (address: string) => boolean,
) {
  const isProxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  if (isProxied || !isForAgents({ routeOptions }) || !mayRegister(name)) return undefined
  const actor = { id: `address:${name}`, name, role: 'viewer', agents: null } as const
  return { kind: 'registration', actor } satisfies Identity
}

/** Agents that are known by nothing else are registered by who may register. */
function mayDo({ role }: Actor, needed: Role): boolean {
  return needed === 'anyone' || includesRole(role, needed === 'agent' ? 'admin' : needed)
}

function isForAgents({ routeOptions: { config } }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return config?.needs === 'agent' || config?.isForAgents === true
}

function refusalOf({ name, role }: Actor, needed: Role, isAgent: boolean): string {
  if (isAgent) return 'A registration token is for agents that register themselves, and for nothing else.'
  if (needed === 'agent') return registryHint
  return `This needs the role ${needed}. ${name} has the role ${role}.`
}

const registryHint =
  'Agents register themselves with a registration token: the URL of their registry ends with /r/ and the token.'
const onlyRegistration = 'Only a registration token may be in the address. Send others as "Authorization: Bearer ca_…".'
