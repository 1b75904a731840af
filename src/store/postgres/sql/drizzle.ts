import { createRequire } from 'node:module'

// As for SQLite: the CommonJS build of drizzle loads in a fifth of the time, and all of it comes from here.
const require = createRequire(import.meta.url)

export const { and, asc, desc, eq, getTableColumns, gte, inArray, is, isNull, lt, lte, ne, or, sql } =
  require('drizzle-orm') as typeof import('drizzle-orm')
export const {
  bigserial,
  boolean,
  customType,
  doublePrecision,
  getTableConfig,
  index,
  integer,
  PgDialect,
  PgTable,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core')
export const { drizzle } = require('drizzle-orm/node-postgres') as typeof import('drizzle-orm/node-postgres')
export const { readMigrationFiles } = require('drizzle-orm/migrator') as typeof import('drizzle-orm/migrator')
export type PgTable = import('drizzle-orm/pg-core').PgTable
