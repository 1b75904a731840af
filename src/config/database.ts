import { z } from 'zod'

/** Whether the setting names a PostgreSQL database; else it is a file. */
export const isPostgres = (db: string): boolean => /^postgres(ql)?:\/\//i.test(db)

const isOfServer = (db: string): boolean => /^[a-z][\w+.-]+:\/\//i.test(db)

/** A file, or the address of a PostgreSQL database. */
export const database = () =>
  z
    .string()
    .min(1, 'must name a file, or a PostgreSQL database as postgres://user:password@host:5432/name')
    .refine((db) => !isOfServer(db) || isAddress(db), 'must be like postgres://user:password@host:5432/name')

function isAddress(db: string): boolean {
  return isPostgres(db) && URL.canParse(db) && new URL(db).pathname.length > 1
}

/** As a person knows it: an address without the password, and without parameters, which may hold one. */
export function shownDatabase(db: string): string {
  if (!isOfServer(db)) return db
  if (!URL.canParse(db)) return 'the database'
  const { protocol, username, host, pathname } = new URL(db)
  return `${protocol}//${username && `${username}@`}${host}${pathname}`
}
