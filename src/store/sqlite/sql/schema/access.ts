import type { ActorRole } from '../../../../shared/role.ts'
import type { Token, UserSource } from '../../../ports/access.ts'
import { index, integer, sqliteTable, text, uniqueIndex } from '../drizzle.ts'

export const users = sqliteTable(
  'dashboard_users',
  {
    id: text('id').primaryKey().notNull(),
    source: text('source').$type<UserSource>().notNull(),
    key: text('key').notNull(),
    name: text('name').notNull(),
    passwordHash: text('password_hash'),
    role: text('role').$type<ActorRole>().notNull(),
    agents: text('agents', { mode: 'json' }).$type<string[]>(),
    createdAt: integer('created_at').notNull(),
    lastLoginAt: integer('last_login_at'),
  },
  ({ source, key }) => [uniqueIndex('dashboard_users_key').on(source, key)],
)

export const sessions = sqliteTable(
  'dashboard_sessions',
  {
    id: text('id').primaryKey().notNull(),
    hash: text('hash').notNull(),
    userId: text('user_id').notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    address: text('address').notNull(),
    browser: text('browser').notNull(),
  },
  ({ hash, userId }) => [uniqueIndex('dashboard_sessions_hash').on(hash), index('dashboard_sessions_user').on(userId)],
)

export const tokens = sqliteTable(
  'dashboard_tokens',
  {
    id: text('id').primaryKey().notNull(),
    hash: text('hash').notNull(),
    name: text('name').notNull(),
    kind: text('kind').$type<Token['kind']>().notNull(),
    role: text('role').$type<ActorRole>().notNull(),
    agents: text('agents', { mode: 'json' }).$type<string[]>(),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at'),
    lastUsedAt: integer('last_used_at'),
  },
  ({ hash }) => [uniqueIndex('dashboard_tokens_hash').on(hash)],
)
