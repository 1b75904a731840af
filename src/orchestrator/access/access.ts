import type { Login } from '../../config/login.ts'
import { type Actor, anyone, localActor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SignOnProvider } from '../../sign-on/provider.ts'
import type { AccessStore, User } from '../../store/ports/access.ts'
import type { Counts } from '../../store/ports/cluster.ts'
import type { EventStream } from '../events.ts'
import type { IsAgent } from './agent-list.ts'
import { createIdentify, type Identify } from './identify.ts'
import { createLogIn, type LoggedIn, type ShownSession } from './log-in.ts'
import { createOutsideUsers } from './outside-users.ts'
import { createPasswords } from './passwords.ts'
import { createIdentifyProxied, type IdentifyProxied } from './proxied.ts'
import { createSessions, type SeenFrom } from './sessions.ts'
import { createSetup, type Setup } from './setup.ts'
import { createSignOn, type SignOn } from './sign-on.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { keyOfName } from './user-fields.ts'
import { createUsers, type NewUser, type Users } from './users.ts'

export type { LoggedIn, ShownSession }

export type Access = {
  users: Users
  tokens: Tokens
  hasUsers(): boolean | Promise<boolean>
  /** As whom somebody acts who has not logged in; undefined where that is not allowed. */
  anonymous(): Actor | undefined | Promise<Actor | undefined>
  identify: Identify
  identifyProxied: IdentifyProxied
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
  const { store, events, isExposed, anyoneMayLook, signOnProvider: provider } = deps
  const isLoginElsewhere = deps.login.singleSignOn !== undefined || deps.login.proxy !== undefined
  const passwords = createPasswords({ ...deps, logCost: deps.passwordLogCost })
  const sessions = createSessions({ ...deps, store: store.sessions, accepts })
  const users = createUsers({ ...deps, store: store.users, passwords })
  const { begin, ...login } = createLogIn({ ...deps, sessions, passwords })
  const setup = createSetup(deps)
  const tokens = createTokens({ ...deps, store: store.tokens })
  const outsideUsers = createOutsideUsers({ ...deps, roles: deps.login.roles })
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

  return {
    ...login,
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

    keyOfName,
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
