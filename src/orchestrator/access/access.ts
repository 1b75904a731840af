import type { Login } from '../../config/login.ts'
import { type Actor, anyone, localActor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SignOnProvider } from '../../sign-on/provider.ts'
import type { AccessStore, Session, User } from '../../store/ports/access.ts'
import type { Counts } from '../../store/ports/cluster.ts'
import type { EventStream } from '../events.ts'
import type { IsAgent } from './agent-list.ts'
import { actorOfUser, createIdentify, type Identify, type Identity } from './identify.ts'
import { createOutsideUsers } from './outside-users.ts'
import { createPasswords } from './passwords.ts'
import { createIdentifyProxied, type IdentifyProxied } from './proxied.ts'
import { createSessions, type SeenFrom, sessionSeconds } from './sessions.ts'
import { createSetup, type Setup } from './setup.ts'
import { createSignOn, type SignOn } from './sign-on.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { keyOfName } from './user-fields.ts'
import { createUsers, type NewUser, type Users } from './users.ts'

/** `secret` is what the browser is to hold, for so many seconds at most. */
export type LoggedIn = { secret: string; seconds: number; identity: Identity }
export type ShownSession = Omit<Session, 'hash'>

/** Who may come in, and as whom. */
export type Access = {
  users: Users
  tokens: Tokens
  /** Whether there is any user. Only a dashboard of this machine alone does without. */
  hasUsers(): boolean | Promise<boolean>
  /** As whom somebody acts who has not logged in; undefined where that is not allowed. */
  anonymous(): Actor | undefined | Promise<Actor | undefined>
  identify: Identify
  identifyProxied: IdentifyProxied
  /** Undefined where none is set. */
  signOn: SignOn<LoggedIn> | undefined
  /** Undefined where name or password is wrong; takes as long for a name that nobody has. */
  logIn(given: { name: string; password: string }, from: SeenFrom): Promise<LoggedIn | undefined>
  /** What a name is known by, however it is typed. */
  keyOfName(name: string): string
  /** Whether this person has a session that was begun from this address. */
  isKnownAt(name: string, address: string): Promise<boolean>
  logOut(sessionId: string, by: Actor): Promise<void>
  /** Those that are valid. */
  sessions(userId?: string): Promise<ShownSession[]>
  /** Resolves to whether there was such a session. */
  endSession(id: string, by: Actor): Promise<boolean>
  setup: Omit<Setup, 'check' | 'end'>
  counts: Counts | undefined
  /** Makes the first user, an admin, and logs them in. Throws AppError. */
  setUp(given: { secret: string } & Omit<NewUser, 'role'>, from: SeenFrom): Promise<LoggedIn>
}

export function createAccess(deps: {
  store: AccessStore
  /** What all dashboards on the database count; undefined where there can be no other. */
  counts: Counts | undefined
  clock: Clock
  newId: () => string
  randomHex: (bytes: number) => string
  events: EventStream
  /** scrypt's cost is 2 to the power of it. */
  passwordLogCost: number
  /** Whether other machines can reach the dashboard. */
  isExposed: boolean
  anyoneMayLook: boolean
  login: Login
  signOnProvider: SignOnProvider | undefined
  isAgent: IsAgent
}): Access {
  const { store, events, isExposed, anyoneMayLook, login, signOnProvider: provider } = deps
  const isLoginElsewhere = login.singleSignOn !== undefined || login.proxy !== undefined
  const passwords = createPasswords({ ...deps, logCost: deps.passwordLogCost })
  const sessions = createSessions({ ...deps, store: store.sessions, accepts })
  const users = createUsers({ ...deps, store: store.users, passwords })
  const setup = createSetup(deps)
  const tokens = createTokens({ ...deps, store: store.tokens })
  const outsideUsers = createOutsideUsers({ ...deps, roles: login.roles })
  const onError = (error: unknown) => events.emit('failure', { error, task: 'access' })
  let known: { revision: string; hasUsers: boolean } | undefined

  function hasUsers(): boolean | Promise<boolean> {
    const revision = store.revision()
    if (known?.revision === revision) return known.hasUsers
    return store.users.all().then((all) => {
      known = { revision, hasUsers: all.length > 0 }
      return known.hasUsers
    })
  }

  function actorWithoutLogin(isAnybodyKnown: boolean): Actor | undefined {
    const isLoginNeeded = isAnybodyKnown || isLoginElsewhere
    if (!isLoginNeeded && !isExposed) return localActor
    return isLoginNeeded && anyoneMayLook ? anyone : undefined
  }

  /** Nobody stays whom a provider let in that is no longer asked. */
  function accepts({ source, key }: User): boolean {
    return (
      source === 'password' || (source === 'oidc' && provider !== undefined && key.startsWith(`${provider.issuer} `))
    )
  }

  async function begin(user: User, from: SeenFrom): Promise<LoggedIn | undefined> {
    const begun = await sessions.begin(user, from)
    if (!begun) return undefined
    await store.users.change(user.id, { lastLoginAt: begun.session.createdAt })
    const actor = actorOfUser(user)
    events.emit('logged-in', { address: from.address, by: actor })
    return {
      secret: begun.secret,
      seconds: sessionSeconds,
      identity: { kind: 'session', actor, userId: user.id, sessionId: begun.session.id },
    }
  }

  return {
    users,
    tokens,
    hasUsers,

    anonymous() {
      const answer = hasUsers()
      return typeof answer === 'boolean' ? actorWithoutLogin(answer) : answer.then(actorWithoutLogin)
    },

    identify: createIdentify({ ...deps, sessions, onError }),
    identifyProxied: createIdentifyProxied({ ...deps, users: outsideUsers }),
    signOn: provider && createSignOn({ ...deps, provider, users: outsideUsers, logIn: begin }),

    async logIn({ name, password }, from) {
      const user = await store.users.findByKey('password', keyOfName(name))
      const isRight = await passwords.isRight(password, user?.passwordHash)
      const begun = user && isRight ? await begin(user, from) : undefined
      if (!begun)
        events.emit('login-refused', { name, user: user && { id: user.id, name: user.name }, address: from.address })
      return begun
    },

    keyOfName,

    async isKnownAt(name, address) {
      const user = await store.users.findByKey('password', keyOfName(name))
      return user !== undefined && (await store.sessions.all(user.id)).some((session) => session.address === address)
    },

    async logOut(sessionId, by) {
      if (await store.sessions.end(sessionId)) events.emit('logged-out', { by })
    },

    async sessions(userId) {
      const open = (await store.sessions.all(userId)).filter((one) => sessions.endsAt(one) > deps.clock.now())
      return open.map(({ hash: _, ...session }) => session)
    },

    async endSession(id, by) {
      const session = (await store.sessions.all()).find((one) => one.id === id)
      const user = session && (await store.users.find(session.userId))
      const isEnded = await store.sessions.end(id)
      if (isEnded) events.emit('session-ended', { sessionId: id, user: user && { id: user.id, name: user.name }, by })
      return isEnded
    },

    setup,
    counts: deps.counts,

    async setUp({ secret, ...user }, from) {
      await setup.check(secret)
      const by = { ...localActor, id: 'setup', name: 'setup', address: from.address }
      const added = await users.add({ ...user, role: 'admin' }, by, true)
      await setup.end()
      return (await begin((await store.users.find(added.id))!, from))!
    },
  }
}
