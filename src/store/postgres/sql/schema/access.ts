import type { ActorRole } from '../../../../shared/role.ts'
import type { Token, UserSource } from '../../../ports/access.ts'
import { index, pgTable, text, uniqueIndex } from '../drizzle.ts'
import { list, moment, name } from './columns.ts'

export const users = pgTable(
  'users',
  {
    id: name('id').primaryKey(),
    source: name('source').$type<UserSource>().notNull(),
    key: name('key').notNull(),
    name: text('name').notNull(),
    passwordHash: text('password_hash'),
    role: name('role').$type<ActorRole>().notNull(),
    agents: list('agents'),
    createdAt: moment('created_at').notNull(),
    lastLoginAt: moment('last_login_at'),
  },
  ({ source, key }) => [uniqueIndex('users_key').on(source, key)],
)

export const sessions = pgTable(
  'sessions',
  {
    id: name('id').primaryKey(),
    hash: name('hash').notNull(),
    userId: name('user_id').notNull(),
    createdAt: moment('created_at').notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    address: text('address').notNull(),
    browser: text('browser').notNull(),
  },
  ({ hash, userId }) => [uniqueIndex('sessions_hash').on(hash), index('sessions_user').on(userId)],
)

export const tokens = pgTable(
  'tokens',
  {
    id: name('id').primaryKey(),
    hash: name('hash').notNull(),
    name: text('name').notNull(),
    kind: name('kind').$type<Token['kind']>().notNull(),
    role: name('role').$type<ActorRole>().notNull(),
    agents: list('agents'),
    createdBy: text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at'),
    lastUsedAt: moment('last_used_at'),
  },
  ({ hash }) => [uniqueIndex('tokens_hash').on(hash)],
)
