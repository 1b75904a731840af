import type { ActorRole, TokenKind } from '../../shared/role.ts'

/** Where it is decided that somebody is who they say: here, at the issuer of a single sign-on, or by a proxy. */
export type UserSource = 'password' | 'oidc' | 'proxy'

export type User = {
  id: string
  source: UserSource
  /** What the source knows them by, unique there. Names of other sources are only shown. */
  key: string
  name: string
  /** Of `source` password alone, in PHC format. */
  passwordHash: string | null
  role: ActorRole
  agents: string[] | null
  createdAt: number
  lastLoginAt: number | null
}

/** A browser in which somebody is logged in. `hash` is all that is kept of what the browser holds. */
export type Session = {
  id: string
  hash: string
  userId: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
  address: string
  browser: string
}

/** For programs: to use the API, or for agents to register themselves. `hash` is all that is kept of it. */
export type Token = {
  id: string
  hash: string
  name: string
  kind: TokenKind
  role: ActorRole
  agents: string[] | null
  createdBy: string
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
}

export type AccessStore = {
  users: UserStore
  sessions: SessionStore
  tokens: TokenStore

  /** Moves whenever users, sessions or tokens may have changed, but for when they were last seen. Costs no query. */
  revision(): string
}

/** The last admin with a password stays: without one nobody could let anybody in. */
export type UserStore = {
  all(): Promise<User[]>
  find(id: string): Promise<User | undefined>
  findByKey(source: UserSource, key: string): Promise<User | undefined>

  /** With `isFirst`, saves nothing where there is any user. */
  add(user: User, isFirst?: boolean): Promise<'added' | 'taken' | 'not-first'>

  change(
    id: string,
    to: Partial<Pick<User, 'name' | 'role' | 'agents' | 'lastLoginAt'>>,
  ): Promise<'changed' | 'gone' | 'last-admin'>

  /** Ends the sessions of that user, but for `exceptSession`. Saves nothing where the hash is another than `before`. */
  setPassword(
    id: string,
    passwordHash: string,
    but?: { exceptSession: string; before: string | null },
  ): Promise<'changed' | 'gone' | 'changed-before'>

  remove(id: string): Promise<'removed' | 'gone' | 'last-admin'>
}

export type SessionStore = {
  all(userId?: string): Promise<Session[]>
  find(hash: string): Promise<{ session: Session; user: User } | undefined>

  /** Resolves to false where the user is gone, or has got another password than this since. */
  add(session: Session, passwordHash: string | null): Promise<boolean>

  /** Recorded silently. */
  seen(id: string, at: number): Promise<void>

  end(id: string): Promise<boolean>

  prune(before: number): Promise<void>
}

export type TokenStore = {
  all(): Promise<Token[]>
  find(hash: string): Promise<Token | undefined>

  /** Saves nothing where another token has the name, whatever its case. */
  add(token: Token): Promise<'added' | 'taken'>

  /** Recorded silently. */
  used(id: string, at: number): Promise<void>

  remove(id: string): Promise<boolean>
}
