import { createRequire } from 'node:module'

// drizzle's ES modules take a third of a second to load, its CommonJS build a fifth of that. All of it comes from here,
// so that none is loaded twice.
const require = createRequire(import.meta.url)

export const {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  getTableName,
  gte,
  inArray,
  is,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  or,
} = require('drizzle-orm') as typeof import('drizzle-orm')
export const { sql } = require('drizzle-orm') as typeof import('drizzle-orm')
export const {
  customType,
  index,
  integer,
  primaryKey,
  real,
  SQLiteSyncDialect,
  SQLiteTable,
  sqliteTable,
  text,
  uniqueIndex,
} = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')
export const { drizzle } = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3')
export const { readMigrationFiles } = require('drizzle-orm/migrator') as typeof import('drizzle-orm/migrator')
export type SQLiteTable = import('drizzle-orm/sqlite-core').SQLiteTable
